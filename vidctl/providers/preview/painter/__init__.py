"""Paint the pictures of an animatic from words: layered paper-cut landscapes, and figures cut out of paper.

`paint.painting` is the way in. `brief` reads the words, `colour` and `palette` give one film one set of colours,
`outline`, `figure`, `stencil` and `canvas` are the tools, and every other module knows how to draw some family
of things. Nothing here reads a file, a clock or the network: the same brief always gives the same pixels.
"""
