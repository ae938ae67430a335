// Text that machines wrote or that is meant for them: as it is, scrollable, with a copy button.
import { Box, Code } from '@mantine/core';
import { Copy } from './copy';

type Props = { text: string; label: string; mah?: number | string; wrap?: boolean };

export function CodeBlock({ text, label, mah, wrap = true }: Props) {
  const lines = wrap
    ? ({ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } as const)
    : ({ whiteSpace: 'pre' } as const);
  return (
    <Box pos="relative">
      <Code
        block
        fz={12}
        p="sm"
        pe={40}
        bg="var(--kw-wash)"
        mah={mah}
        tabIndex={0}
        role="region"
        aria-label={label}
        style={{ lineHeight: 1.6, overflow: 'auto', ...lines }}
      >
        {text}
      </Code>
      <Box pos="absolute" top={6} right={6}>
        <Copy value={text} label={label} />
      </Box>
    </Box>
  );
}
