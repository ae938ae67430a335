// A dialog for what takes password and code: new recovery codes, and turning the second factor off.
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { CodeInput, codeProblem } from './CodeInput';
import { proven } from './second-factor';

type Proofs = { password: string; code: string };
type Props = {
  opened: boolean;
  close: () => void;
  title: string;
  action: string;
  isDestructive?: boolean;
  run: (proofs: Proofs) => Promise<void>;
  children: ReactNode;
};

export function ProveBoth({ opened, close, title, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={title} size={460}>
      <ProofForm close={close} {...rest} />
    </Modal>
  );
}

function ProofForm({ close, action, isDestructive, run, children }: Omit<Props, 'opened' | 'title'>) {
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: { password: (password: string) => (password === '' ? 'Write your password.' : null), code: codeProblem },
  });
  const { submit, busy, refusal } = useSubmit(form, async (proofs) => {
    await proven(run(proofs));
    close();
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">{children}</Text>
        <PasswordInput label="Password" autoComplete="current-password" data-autofocus {...form.getInputProps('password')} />
        <CodeInput {...form.getInputProps('code')} />
        <Refused error={refusal} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} color={isDestructive ? 'vermilion.7' : 'petrol'}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
