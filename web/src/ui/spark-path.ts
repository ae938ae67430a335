// The geometry of a spark: a smooth line through the points that never leaves their range.

const round = (n: number) => Math.round(n * 10) / 10;

/** SVG paths of the line and of the ground under it, in a box of `w` by `h`. All zero: a line on the ground. */
export function sparkPath(data: readonly number[], w: number, h: number): { line: string; area: string } {
  const pad = 1.5;
  const most = Math.max(...data, 1);
  const step = data.length > 1 ? (w - 2 * pad) / (data.length - 1) : 0;
  const points = data.map((n, i) => [pad + i * step, h - pad - (Math.max(n, 0) / most) * (h - 2 * pad)] as const);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return { line: '', area: '' };
  // Control points half a step aside at the height of their ends: monotone between neighbours, so it cannot overshoot.
  const curves = points.slice(1).map(([x, y], i) => {
    const before = points[i] ?? first;
    const middle = round((before[0] + x) / 2);
    return `C${middle},${round(before[1])} ${middle},${round(y)} ${round(x)},${round(y)}`;
  });
  const line = `M${round(first[0])},${round(first[1])}${curves.join('')}`;
  return { line, area: `${line}L${round(last[0])},${h}L${round(first[0])},${h}Z` };
}
