// A QR code has the squares that scanners look for.
import { describe, expect, it } from 'vitest';
import { qrPath } from './qr';

describe('qrPath', () => {
  it('draws the three finders inside a quiet border', () => {
    const { size, path } = qrPath('otpauth://totp/keyward:ada?secret=GEZDGNBVGY3TQOJQ');
    // A QR code of version v has 17 + 4 v squares on a side (ISO/IEC 18004).
    expect((size - 8 - 17) % 4).toBe(0);
    const last = size - 5;
    for (const corner of [`M4 4h`, `M${last} 4h`, `M4 ${last}h`]) expect(path).toContain(corner);
    expect(path).not.toMatch(/M[0-3] \d/);
    expect(path).not.toContain(`M${last} ${last + 1}h`);
  });

  it('tells texts apart', () => {
    expect(qrPath('one').path).not.toBe(qrPath('two').path);
  });
});
