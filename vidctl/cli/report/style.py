"""How the page with a report looks: light and dark, on a phone as on a wide screen, and on paper."""

from typing import Final

CSS: Final = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6470; --line: #e3e6ea; --page: #f6f7f9; --card: #fff;
  --good: #1a7f47; --bad: #c0362c; --one: #2f6fde; --two: #0f9b8e; --three: #a9b7cc; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaee; --soft: #9aa4b1; --line: #2c333c; --page: #12161b; --card: #1b2027;
    --good: #4cc38a; --bad: #f0736a; --one: #6ea0ff; --two: #3cc9b9; --three: #57657a; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 2.2rem 1.5rem 3.5rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { margin: .1rem 0 .3rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 0; font-size: 1.02rem; line-height: 1.35; }
p { margin: .15rem 0; }
.kicker { font-size: .78rem; font-weight: 600; letter-spacing: .09em; text-transform: uppercase; color: var(--soft); }
.soft { color: var(--soft); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .8rem; margin: 1.4rem 0 .8rem; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; min-width: 0; }
.tile { padding: .9rem 1.1rem; }
.tile b { display: block; font-size: 1.4rem; line-height: 1.45; font-weight: 650; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; }
.tile.met b { color: var(--good); }
.tile.missed b { color: var(--bad); }
.tile .name { font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem; align-items: start; }
.card { padding: 1rem 1.1rem .9rem; }
.first { grid-column: 1 / -1; }
.wide { margin-top: .8rem; }
.chart { display: none; position: relative; margin-top: .6rem; }
.drawn .chart { display: block; height: 15rem; }
.drawn .chart.r1 { height: 9rem; }
.drawn .chart.r2 { height: 19rem; }
.drawn .chart.r3 { height: 32rem; }
.drawn .chart.r4 { height: 90rem; }
details { margin-top: .6rem; }
summary { cursor: pointer; color: var(--soft); font-size: .87rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; margin-top: .4rem; font-size: .87rem;
  font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line);
  padding: .3rem .8rem .3rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; }
th, td:not(:last-child) { white-space: nowrap; }
td:first-child { white-space: normal; min-width: 6rem; }
tr:last-child td { border-bottom: 0; }
footer { margin-top: 2rem; font-size: .85rem; color: var(--soft); }
@media (max-width: 68rem) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 56rem) { .cards { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 40rem) {
  body { padding: 1.3rem .9rem 2.5rem; }
  h1 { font-size: 1.5rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem; }
  .tile { padding: .7rem .8rem; }
  .tile b { font-size: 1.35rem; }
  .tile .soft { font-size: .8rem; }
  .card { padding: .85rem .8rem .7rem; }
}
@media print {
  body { max-width: none; padding: 0; background: #fff; }
  .card, .tile { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
}
"""
