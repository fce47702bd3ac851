"""How the page with the evidence looks: dark on white, on paper as on a phone, without anything from elsewhere."""

from typing import Final

CSS: Final = """
:root { --ink: #1b1f24; --soft: #5b6470; --line: #e3e6ea; --wash: #f6f7f9; --link: #0b57d0;
  --good: #1a6b3c; --good-wash: #edf7f1; --bad: #b3261e; --bad-wash: #fdf0ef; --note: #8a5a00; --note-wash: #fff7e6; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem 4rem; background: #fff; color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h1 { margin: .2rem 0 .4rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 0 0 .1rem; font-size: 1.35rem; line-height: 1.3; letter-spacing: -.01em; }
h3 { margin: 1.6rem 0 .6rem; font-size: .78rem; font-weight: 600; letter-spacing: .07em; text-transform: uppercase;
  color: var(--soft); }
p { margin: .3rem 0; }
code { font: .84em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.kicker { font-size: .78rem; font-weight: 600; letter-spacing: .09em; text-transform: uppercase; color: var(--soft); }
.soft { color: var(--soft); }
.small { font-size: .87rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem;
  margin: 1.6rem 0 .75rem; }
.tile { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.seal { padding: .9rem 1.1rem; border: 1px solid; border-radius: .6rem; }
.seal p:first-child { margin-top: 0; font-weight: 600; }
.good { color: var(--good); background: var(--good-wash); border-color: #bfe3cd; }
.bad { color: var(--bad); background: var(--bad-wash); border-color: #f3c4c0; }
.unknown { color: var(--note); background: var(--note-wash); border-color: #f0dcae; }
.seal .small { color: var(--ink); }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line);
  padding: .35rem .8rem .35rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .45rem .8rem .45rem 0; }
td.at { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
article { margin-top: 2.6rem; padding-top: 2.2rem; border-top: 2px solid var(--ink); }
.about { display: grid; grid-template-columns: 17rem 1fr; gap: 1.5rem; align-items: start; }
.about.bare { grid-template-columns: 1fr; }
.about img { display: block; width: 100%; height: auto; border-radius: .5rem; background: var(--wash);
  border: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .9rem 0 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.same { margin-top: 1.1rem; }
ol { list-style: none; margin: 0 0 0 .4rem; padding: 0 0 0 1.1rem; border-left: 2px solid var(--line); }
li { position: relative; padding: 0 0 1.15rem; break-inside: avoid; }
li:last-child { padding-bottom: 0; }
li::before { content: ""; position: absolute; left: -1.53rem; top: .42rem; width: .75rem; height: .75rem;
  border-radius: 50%; background: var(--soft); border: 2px solid #fff; }
li.approved::before, li.published::before { background: var(--good); }
li.rejected::before { background: var(--bad); }
li.allowed::before { background: #d79b00; }
.word { display: inline-block; padding: 0 .5rem; border: 1px solid; border-radius: 1rem; font-size: .8rem;
  font-weight: 600; }
blockquote { margin: .4rem 0; padding: .45rem .8rem; background: var(--wash); border-radius: .4rem;
  white-space: pre-wrap; }
details { margin-top: .25rem; font-size: .87rem; }
summary { cursor: pointer; color: var(--soft); }
.seen { display: grid; grid-template-columns: max-content 1fr; align-items: baseline; gap: .05rem .9rem;
  margin: .4rem 0 .2rem; }
footer { margin-top: 3rem; padding-top: 1.4rem; border-top: 1px solid var(--line); font-size: .87rem;
  color: var(--soft); }
@media (max-width: 40rem) {
  body { padding: 1.4rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .about { grid-template-columns: 1fr; gap: 1rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .45rem; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { padding: 0; border: 0; }
  .seen { grid-template-columns: 1fr; gap: 0; }
}
@page { margin: 16mm 14mm; }
@media print {
  html { font-size: 12px; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  .tiles { grid-template-columns: repeat(5, 1fr); }
  a { color: inherit; }
  article { break-before: page; border-top: 0; margin-top: 0; padding-top: 0; }
  .about, .seal, .tile, tr { break-inside: avoid; }
  h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  .good, .bad, .unknown, .tile, blockquote, li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
