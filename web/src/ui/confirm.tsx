// Asks before something is destroyed: says what, and repeats its name on the button.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Refused } from './notice';

type ConfirmProps = {
  opened: boolean;
  close: () => void;
  title: string;
  /** The button: the verb with the name, "Remove Hanna Kivelä". */
  action: string;
  /** Red by default; `calm` for what can be undone with one click. */
  calm?: boolean;
  /** What is done; `false` keeps the question open, as something is missing in it. */
  run: () => Promise<unknown>;
  /** What happens, to whom, and what stays. */
  children: ReactNode;
};

export function Confirm({ opened, close, title, action, calm, run, children }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const leave = () => {
    setError(null);
    close();
  };
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      if ((await run()) !== false) leave();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={title} size={460}>
      <Stack gap="md">
        <Text component="div" size="sm">
          {children}
        </Text>
        <Refused error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={leave} data-autofocus>
            Cancel
          </Button>
          <Button color={calm ? 'petrol' : 'vermilion.7'} loading={busy} onClick={go}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
