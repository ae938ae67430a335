// A value just drawn: shown this once, with snippets that work as they are.
import { Alert, Button, Checkbox, Divider, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { NewValue } from '../api/nouns';
import { Copy } from '../ui/copy';
import { Snippets } from '../ui/snippets';
import { Why } from '../ui/why';
import { byApi } from './valueSnippets';

type Props = { value: NewValue; onStored(): void };

/** The value lives in the caller's state only: whoever leaves this panel cannot come back to it. */
export function NewValuePanel({ value, onStored }: Props) {
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
        <Text ff="monospace" fz={15} fw={560} data-testid="new-value" style={{ overflowWrap: 'anywhere' }}>
          {value.value}
        </Text>
        <Copy value={value.value} label="value" />
      </Group>
      <TryIt value={value} />
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

/** Programs that call with the value, for one API at a time. */
function TryIt({ value }: { value: NewValue }) {
  const apis = byApi(value.snippets);
  const [chosen, choose] = useState(apis[0]?.api);
  const shown = apis.find(({ api }) => api === chosen);
  if (!shown) return null;
  return (
    <>
      <Divider label="Try it" labelPosition="left" />
      {apis.length > 1 && (
        <SegmentedControl
          aria-label="API"
          w="fit-content"
          data={apis.map(({ api }) => api)}
          value={shown.api}
          onChange={choose}
        />
      )}
      <Snippets key={shown.api} snippets={shown.snippets} />
    </>
  );
}
