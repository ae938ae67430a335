// A QR code as one path of unit squares.
import { encode } from 'uqr';

/** Light squares around the code, which scanners need. */
const QUIET = 4;

export function qrPath(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { border: QUIET });
  const squares = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
  return { size, path: squares.join('') };
}
