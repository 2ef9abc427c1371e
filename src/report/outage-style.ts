/** Style sheet of the pictures of outages, over the one of all reports. */
export const outageStyle = `
.chart { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem; overflow-x: auto; }
.outages { width: 100%; min-width: 52rem; height: auto; display: block; font: 11px system-ui, sans-serif; }
.outages text { fill: var(--ink); } .outages .subject, .outages .action { text-anchor: end; } .outages .action { font-family: ui-monospace, monospace; font-size: 10px; }
.outages .head { fill: var(--dim); font-weight: 600; } .outages .tick { fill: var(--dim); text-anchor: middle; }
.outages .grid { stroke: var(--line); } .outages .lane { fill: var(--dim); opacity: .07; }
.outages .out { fill: var(--error); } .outages .moved { fill: var(--info); }
.outages .done { fill: var(--good); opacity: .75; } .outages .failed { fill: var(--error); opacity: .75; } .outages .open { fill: var(--dim); }
.outages .control { fill: var(--info-bg); }
.outages .breach { stroke: var(--error); stroke-width: 1.5; stroke-dasharray: 4 3; }
.legend { color: var(--dim); font-size: .85rem; margin: .4rem 0 0; } .legend b { font-weight: 600; } .legend .red { color: var(--error); } .legend .blue { color: var(--info); } .legend .green { color: var(--good); }
.cell.shade1 { background: color-mix(in srgb, var(--error) 12%, transparent); } .cell.shade2 { background: color-mix(in srgb, var(--error) 26%, transparent); }
.cell.shade3 { background: color-mix(in srgb, var(--error) 42%, transparent); } .cell.shade4 { background: color-mix(in srgb, var(--error) 60%, transparent); }
.events td:first-child, .cost td { font-variant-numeric: tabular-nums; white-space: nowrap; }
`;
