// Keys, methods, addresses, codes and ids; nothing else is set in mono.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

type MonoProps = { children: ReactNode; dimmed?: boolean; fw?: number; truncate?: boolean; fz?: number; title?: string };

export function Mono({ children, dimmed, fw, truncate, fz = 12, title }: MonoProps) {
  return (
    <Text component="span" ff="monospace" fz={fz} fw={fw} c={dimmed ? 'dimmed' : undefined} lts="-0.01em" truncate={truncate} title={title}>
      {children}
    </Text>
  );
}
