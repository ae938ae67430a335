// Add a new member: name, mail, role, caps and rates; ends with what will happen and to whom.
import { Box, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconMail } from '@tabler/icons-react';
import { useAccount, useInstance } from '../account/query';
import { useAccountId } from '../account/seat';
import { answer, client } from '../api/client';
import { roleOption } from '../role/RoleOption';
import { useGivenRoles } from '../role/useGivenRoles';
import { emailProblem, nameProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { Why } from '../ui/why';
import { capsOf, type CapFields } from './cap';
import { CapInputs } from './CapInputs';
import { endProblem, momentOf } from './end';
import { EndInput } from './EndInput';
import { useMemberChanged } from './query';
import { ratesOf, type RateFields } from './rate';
import { RateInputs } from './RateInputs';
import { roleMay } from './state';
import { useWayOfInvitation } from './useWayOfInvitation';

type Invite = { name: string; email: string; role: string; ends_at: string } & CapFields & RateFields;

const nobody: Invite = { name: '', email: '', role: 'member', caps: [], rates: [], ends_at: '' };

const validate = { name: nameProblem, email: emailProblem, ends_at: (field: string) => endProblem(field, Date.now()) };

export function InviteDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const account = useAccountId();
  const changed = useMemberChanged();
  const hasMail = useInstance().data?.has_mail ?? true;
  const roles = useGivenRoles();
  const form = useForm<Invite>({ initialValues: nobody, validate });
  const { submit, busy, refusal } = useSubmit(form, async ({ name, email, role, caps, rates, ends_at }) => {
    const limits = { caps: capsOf(caps), rates: ratesOf(rates) };
    const body = { name: name.trim(), email: email.trim(), role, ...limits, ends_at: momentOf(ends_at) };
    const member = await answer(client.POST('/accounts/{account}/invitations', { params: { path: { account } }, body }));
    form.reset();
    close();
    await changed();
    note.done(
      hasMail
        ? `The invitation is on its way to ${member.email}.`
        : `${member.name} is invited. This Keyward sends no mail: the operator finds the link in the Outbox.`,
    );
  });
  const word = roles.find(({ value }) => value === form.values.role)?.label ?? form.values.role;
  return (
    <Modal opened={opened} onClose={close} title="Add a new member" size={500}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
            <TextInput label="Mail" type="email" autoComplete="off" {...form.getInputProps('email')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <Select
              label="Role"
              description="In the whole account"
              data={roles}
              allowDeselect={false}
              renderOption={roleOption(roles)}
              {...form.getInputProps('role')}
            />
            <EndInput {...form.getInputProps('ends_at')} />
          </SimpleGrid>
          <CapInputs form={form} />
          <RateInputs form={form} />
          <Consequence name={form.values.name} email={form.values.email} role={form.values.role} word={word} />
          <Refused error={refusal} />
          <SendRow busy={busy} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}

type ConsequenceProps = Pick<Invite, 'name' | 'email' | 'role'> & { word: string };

/** What a built-in role may do is said; a role of the account's own says it on the page Roles. */
function Consequence({ name, email, role, word }: ConsequenceProps) {
  const first = name.trim().split(/\s+/u)[0] || 'The new member';
  const may = roleMay[role];
  const way = useWayOfInvitation();
  return (
    <Box px={12} py={10} bdrs="md" bg="var(--kw-wash)">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {email.trim() === '' ? 'The address' : email.trim()} {way}.{' '}
        {may ? (
          <>
            {first} will be able to <b>{may}</b>.
          </>
        ) : (
          <>
            {first} will have the role <b>{word}</b>.
          </>
        )}
      </Text>
    </Box>
  );
}

function SendRow({ busy, close }: { busy: boolean; close: () => void }) {
  const seats = useAccount().data?.members;
  const isFull = seats !== undefined && seats.max !== null && seats.used >= seats.max;
  const why = isFull ? `All ${seats.max} seats of the plan are taken. Remove a member, or ask the operator for a larger plan.` : null;
  return (
    <Group justify="space-between">
      <Text size="xs" c="dimmed">
        {seats && !isFull && (seats.max === null ? `Seat ${seats.used + 1}` : `Seat ${seats.used + 1} of ${seats.max}`)}
      </Text>
      <Group gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Why why={why}>
          <Button type="submit" loading={busy} leftSection={<IconMail size={15} />}>
            Send invitation
          </Button>
        </Why>
      </Group>
    </Group>
  );
}
