// What is shown this once, as only its hash is kept: the text, how it is used, and a word that it was stored.
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Copy } from './copy';
import { Why } from './why';

type Props = { text: string; label: 'value' | 'secret' | 'access token' | 'recovery codes'; children: ReactNode; onStored: () => void };

/** The text lives in the caller's state only: whoever leaves cannot come back to it. */
export function ShownOnce({ text, label, children, onStored }: Props) {
  const [stored, setStored] = useState(false);
  return (
    <Stack gap="md">
      <Alert
        color="amber"
        variant="light"
        icon={<IconAlertTriangle />}
        p="xs"
        styles={{ message: { color: 'var(--kw-observed-text)' } }}
      >
        This is the only time it is shown. Keyward keeps a hash and cannot show it again.
      </Alert>
      <Group
        justify="space-between"
        wrap="nowrap"
        px={14}
        py={10}
        bdrs="md"
        bd="1px solid var(--mantine-color-default-border)"
        bg="var(--kw-wash)"
      >
        <Text ff="monospace" fz={15} fw={560} data-testid={`new-${label.replace(' ', '-')}`} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
          {text}
        </Text>
        <Copy value={text} label={label} />
      </Group>
      {children}
      <Group justify="space-between">
        <Checkbox
          label="I have stored it in a safe place"
          checked={stored}
          onChange={(event) => setStored(event.currentTarget.checked)}
        />
        <Why why={stored ? null : 'Say first that you have stored it: it cannot be shown again'}>
          <Button onClick={onStored}>Done</Button>
        </Why>
      </Group>
    </Stack>
  );
}
