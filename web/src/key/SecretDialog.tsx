// A secret just drawn: shown this once, in a dialog that cannot be closed by accident.
import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { CodeBlock } from '../ui/code';
import { Copy } from '../ui/copy';
import { Why } from '../ui/why';

type Props = { keyName: string; secret: string | null; onStored: () => void };

export function SecretDialog({ keyName, secret, onStored }: Props) {
  return (
    <Modal
      opened={secret !== null}
      onClose={() => undefined}
      title={`The secret of ${keyName}`}
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {secret !== null && <Shown secret={secret} onStored={onStored} />}
    </Modal>
  );
}

function Shown({ secret, onStored }: { secret: string; onStored: () => void }) {
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
        <Text ff="monospace" fz={15} fw={560} data-testid="new-secret" style={{ overflowWrap: 'anywhere' }}>
          {secret}
        </Text>
        <Copy value={secret} label="secret" />
      </Group>
      <Text size="sm">Every call brings it beside its value: in a header, or as a password without a name.</Text>
      <CodeBlock label="how a call brings the secret" text={`curl -H 'x-api-secret: ${secret}' …\ncurl -u ':${secret}' …`} />
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
