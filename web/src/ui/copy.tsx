// Copies a text, and says that it did.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

export function Copy({ value, label, size = 24 }: { value: string; label: string; size?: number }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${label}`}>
          <ActionIcon size={size} onClick={copy} aria-label={copied ? `Copied ${label}` : `Copy ${label}`}>
            {copied ? <IconCheck size={14} color="var(--kw-good-text)" /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
