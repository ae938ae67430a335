// What became of a call, by shape and by colour, so that neither stands alone.
import { Box } from '@mantine/core';
import { IconCheck, IconDots, IconEye, IconX } from '@tabler/icons-react';
import type { CSSProperties } from 'react';

/** `observed`: allowed, but a list that is merely observed would have denied it. `open`: not over yet. `skipped`: a step that was not looked at. */
export type Mark = 'allowed' | 'observed' | 'denied' | 'failed' | 'open' | 'skipped';

const signs = { allowed: IconCheck, observed: IconEye, denied: IconX, failed: IconX, open: IconDots, skipped: null } as const;

const looks: Record<Mark, CSSProperties> = {
  allowed: { color: 'var(--kw-allowed-text)', background: 'var(--kw-allowed-wash)' },
  observed: { color: 'var(--kw-observed-text)', background: 'var(--kw-observed-wash)' },
  denied: { color: 'var(--mantine-color-body)', background: 'var(--kw-denied)', borderRadius: 4 },
  failed: { color: 'var(--mantine-color-dimmed)', background: 'var(--kw-wash)' },
  open: { color: 'var(--mantine-color-dimmed)', background: 'var(--kw-wash)' },
  skipped: {},
};

export function OutcomeMark({ outcome, size = 16 }: { outcome: Mark; size?: number }) {
  const Sign = signs[outcome];
  return (
    <Box
      component="span"
      aria-hidden
      w={size}
      h={size}
      display="inline-flex"
      style={{ flex: 'none', borderRadius: size, alignItems: 'center', justifyContent: 'center', ...looks[outcome] }}
    >
      {Sign ? (
        <Sign size={size - 5} stroke={2.6} />
      ) : (
        <Box component="span" w={7} h={7} bdrs={7} bg="var(--mantine-color-default-border)" />
      )}
    </Box>
  );
}
