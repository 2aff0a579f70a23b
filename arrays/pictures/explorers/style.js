// Text and lines take the colour of the page; the fills are read on light and dark.
const STYLE = `
  :host { display: block; font: 14px/1.5 system-ui, sans-serif; text-align: left;
    white-space: normal; }
  /* Numbers of 23 pixels at 1080 lines, where four pictures fit beside each other. */
  :host(:fullscreen) { font-size: min(2.7vh, 1.55vw); line-height: 1.3; padding: 0.5em 1em; overflow: auto; }
  :host(:fullscreen) text { font-size: 17px; } /* of a picture whose em is 14: 24 pixels at 800 lines */
  :host(:fullscreen) td { font-size: 1.2em; }
  :host(:fullscreen) .row { margin: 4px 0; }
  :host(:fullscreen) button { min-height: 2em; }
  :host(:fullscreen) figure:has(table) { flex-grow: 1; }
  :host(:fullscreen) .below { transform: translateY(5px); }
  :host(:fullscreen) .bars tspan { display: none; }
  :host(:fullscreen) .bars svg { overflow: visible; }
  :host(:fullscreen) .lines { display: flex; flex-wrap: wrap; gap: 0 2em; }
  :host(:fullscreen) .long text { font-size: 14px; } /* three numbers with a sign stand beside each other */
  /* A table says what the lines below it do, beside what it comes to; the buttons make room for it. */
  :host(:fullscreen) .beside:has(table) { display: flex; gap: 0 2em; td, th { font-size: 1em; padding: 0; }
    table { table-layout: auto; } th { white-space: nowrap; } p { display: none; }
    > .row { position: absolute; top: 0.5em; right: 1em; } > .lines { display: block; flex: 1 1 48%; min-width: 0; } }
  :host(:fullscreen) figure:not(.bars):has(~ .beside table) { max-width: 19em; text { font-size: 19.5px; } .keys { display: none; } }
  :host(:fullscreen) ::slotted(output) { flex: 1 1 44%; min-width: 0; }
  .row { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin: 8px 0; }
  div[role=group] { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
  .row:empty { display: none; }
  :host(:fullscreen) .row { margin: 0; }
  .panels { align-items: start; gap: 12px 16px; }
  figcaption { min-height: 3em; } /* of two lines or one, the charts stand in a row */
  figure:not(.bars):has(+ .bars) figcaption,
  figure:not(.bars) ~ .bars:has(+ .beside) figcaption { min-height: 0; } /* where the triangle stands first, they begin one */
  :host(:fullscreen) .panels { align-items: end; }
  :host(:fullscreen) figcaption { min-height: 0; }
  .beside { flex: 1 1 24em; align-self: start; }
  figure { margin: 0; max-width: 100%; }
  svg { display: block; width: 100%; user-select: none; -webkit-user-select: none; }
  table { border-spacing: 2px; table-layout: fixed; width: 100%; }
  td, th { text-align: center; padding: 4px 0; font-size: 0.857em; }
  label { display: flex; gap: 8px; align-items: center; }
  output { min-width: 7ch; }
  td, output { font-variant-numeric: tabular-nums; }
  button, input { font: inherit; color: inherit; cursor: pointer; accent-color: #0072B2; }
  input[type=checkbox] { width: 1em; height: 1em; }
  button { min-width: 2.4em; min-height: 2.4em; padding: 0 0.7em;
    border: 1px solid; border-radius: 6px; background: none; }
  @media (hover: hover) { button:hover { background: rgb(128 128 128 / 20%); } } /* after a tap it would stay */
  button[aria-pressed=true] { font-weight: bold; box-shadow: inset 0 0 0 1px;
    background: rgb(0 114 178 / 30%); }
  :focus-visible { outline: 2px solid; outline-offset: 2px; }
  .lines p { margin: 4px 0; }
  msup > mrow:has(msub) { transform: translateY(0.4em); } /* its own index would lift an exponent too far */
  .heard { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .lines span { display: inline-block; }
  /* A number may stand on a bar: it keeps the page's ground around it, where the page tells that. */
  text { fill: currentColor; font-size: 11px; text-anchor: middle; paint-order: stroke; stroke-width: 3;
    stroke: var(--color-background-primary, var(--jp-layout-color0, transparent)); }
  .guide, .before { text-anchor: end; } /* a number before a hatched bar does not lie on it */
  path { fill: none; stroke: currentColor; }
  circle { fill: currentColor; }
  .grey { fill: currentColor; opacity: 0.4; }
  .blue { fill: #0072B2; }
  .red { fill: #D55E00; }
  .equal { fill: #009E73; border-color: #009E73; border-style: solid; }
  .unequal { fill: #A6407D; border-color: #A6407D; border-style: dashed; }
  i.equal, i.unequal { border-width: 0 0 3px; white-space: nowrap; }
  td.equal, td.unequal { border-width: 3px; }
  td.gone { opacity: 0.6; text-decoration: line-through; }
  caption { text-align: left; margin-bottom: 4px; }
  .hatched { fill: none; stroke: currentColor; }
  /* What the page around it speaks of stands out: a term of a formula is these bars. */
  :host([data-shown]) :where(rect:not(.grip), rect + path, .arrow),
  :host([data-shown=equal]) td.unequal, :host([data-shown=unequal]) td.equal { opacity: 0.15; }
  :host([data-shown=z]) .grey { opacity: 0.4; }
  :host([data-shown=a]) .blue:not(.signed),
  :host([data-shown=y]) :is(.hatched, .hatched + path),
  :host([data-shown=equal]) .equal,
  :host([data-shown=unequal]) :is(.unequal, .unequal + path),
  :host([data-shown=dz]) :is(.signed, .equal, .unequal, .unequal + path, .arrow) { opacity: 1; }
  .faint { stroke-dasharray: 2 4; opacity: 0.5; }
  .strip { fill: currentColor; fill-opacity: 0.06; fill-rule: evenodd; stroke-opacity: 0.3; stroke-width: 0.6; }
  .ahead { stroke-dasharray: 1 4; stroke-linecap: round; stroke-width: 2; }
  .end { stroke: #A6407D; stroke-width: 3; }
  .target { fill: none; stroke: currentColor; stroke-width: 2; }
  .arrow { stroke: #D55E00; stroke-width: 3; }
  .head { fill: #D55E00; stroke-width: 1; }
  g[role=slider] { cursor: grab; outline: none; }
  .whole, .finger { fill: transparent; }
  .grip { fill: currentColor; pointer-events: none; }
  g:is(:focus-visible, .taken) .grip { stroke: #D55E00; stroke-width: 4; paint-order: stroke; }
  /* On a phone three charts share a row below the triangle, their text as large as before; the
     temperature has two numbers beside each other, for which a third of it is too narrow. */
  @media (max-width: 480px) {
    button, label { min-width: 44px; min-height: 44px; }
    td { font-size: min(11px, 2.85vw); } /* nine numbers beside each other */
    .beside > .row { gap: 6px 8px; }
    @media (min-width: 360px) { .lines table { table-layout: auto; } .lines th { white-space: nowrap; } }
    .keys, .large { display: none; }
    figcaption { min-height: 0; }
    :host(:not([data-explorer=temperature])) .three {
      display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: end; gap: 8px;
      > * { grid-column: 1 / -1; justify-self: center; }
      > .beside { justify-self: start; }
      > .bars { grid-column: auto; max-width: 100%; line-height: 1.3;
        svg { overflow: visible; width: 112%; margin-left: -12%; } /* a guide stands in the gap before it */
        text { font-size: 15.6px; } /* 11 pixels at 390 */
        .guide:has(~ .guide) { display: none; } /* as far down as up */
        .guide { transform: translate(12px); }
        .guide:has(~ .before) { transform: translate(2px); }
        .below { transform: translateY(5px); }
        tspan { display: none; }
      }
    }
  }
`;
