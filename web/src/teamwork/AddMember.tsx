// Adds somebody to a key by mail and role: who has no seat yet is invited, who has one gets the role at once.
import { Box, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSeat } from '../account/seat';
import type { Key, Teamwork } from '../api/nouns';
import { capsOf, type CapFields } from '../member/cap';
import { CapInputs } from '../member/CapInputs';
import { searchOf } from '../member/choice';
import { memberSearchQuery } from '../member/query';
import { ratesOf, type RateFields } from '../member/rate';
import { RateInputs } from '../member/RateInputs';
import { useWayOfInvitation } from '../member/useWayOfInvitation';
import { roleOption } from '../role/RoleOption';
import { emailProblem, nameProblem } from '../ui/checks';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { rolesOf } from './KeyRoleSelect';
import type { TeamworkActions } from './query';

type Added = { email: string; name: string; role: string } & CapFields & RateFields;

type AddProps = { apiKey: Key; team: Teamwork; actions: TeamworkActions; opened: boolean; close: () => void };

export function AddMember({ opened, close, ...rest }: AddProps) {
  return (
    <Modal opened={opened} onClose={close} title={`Add member to ${rest.apiKey.name}`} size={500}>
      <AddForm {...rest} close={close} />
    </Modal>
  );
}

function AddForm({ apiKey: key, team, actions, close }: Omit<AddProps, 'opened'>) {
  const roles = rolesOf(team);
  const form = useForm<Added>({
    initialValues: { email: '', name: '', role: 'member', caps: [], rates: [] },
    validate: { email: emailProblem, name: (name) => (name.trim() === '' ? null : nameProblem(name)) },
  });
  const { email, name, role } = form.values;
  const known = useKnown(email);
  const { submit, busy, refusal } = useSubmit(form, async ({ email, name, role, caps, rates }) => {
    // Who has a seat keeps the limits of it.
    const limits = known === null ? { caps: capsOf(caps), rates: ratesOf(rates) } : {};
    await actions.add({ email: email.trim(), name: name.trim() || nameIn(email), role, ...limits });
    close();
  });
  const word = roles.find(({ value }) => value === role)?.label ?? role;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput label="Mail" type="email" autoComplete="off" data-autofocus {...form.getInputProps('email')} />
          <Select
            label="Role"
            data={roles}
            renderOption={roleOption(roles)}
            {...form.getInputProps('role')}
          />
        </SimpleGrid>
        {!known && (
          <>
            <TextInput
              label="Name"
              placeholder={nameIn(email) || 'Kim Okoro'}
              description="Left empty: the part of the mail before @"
              autoComplete="off"
              {...form.getInputProps('name')}
            />
            <CapInputs form={form} />
            <RateInputs form={form} />
          </>
        )}
        <Consequence apiKey={key} email={email} name={known ?? (name.trim() || nameIn(email))} isKnown={known !== null} role={word} />
        <Refused error={refusal} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} leftSection={known ? undefined : <IconMail size={15} />}>
            {known ? `Give ${known} the role` : 'Send invitation'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const TYPING_MS = 200;

const nameIn = (email: string) => email.trim().split('@')[0] ?? '';

/** The name of the member whose mail this is, for who may see members. */
function useKnown(email: string): string | null {
  const { account, permissions } = useSeat();
  const enabled = permissions.includes('teamwork.view');
  const wanted = email.trim().toLowerCase();
  const [q] = useDebouncedValue(searchOf(wanted, undefined), TYPING_MS);
  const isAddress = emailProblem(q) === null;
  const { data } = useQuery({ ...memberSearchQuery(account.id, q), enabled: enabled && isAddress });
  return data?.members.find((member) => member.email.toLowerCase() === wanted)?.name ?? null;
}

type ConsequenceProps = { apiKey: Key; email: string; name: string; isKnown: boolean; role: string };

function Consequence({ apiKey: key, email, name, isKnown, role }: ConsequenceProps) {
  const { account } = useSeat();
  const way = useWayOfInvitation();
  return (
    <Box px={12} py={10} bdrs="md" bg="var(--kw-wash)">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {isKnown ? (
          <>
            {name} has a seat in {account.name} and is <b>{role}</b> on {key.name} at once.
          </>
        ) : (
          <>
            {email.trim() === '' ? 'The address' : email.trim()} {way}. Once they confirm, they are <b>{role}</b> on {key.name} and on
            nothing else.
          </>
        )}{' '}
        What they call counts on {account.name}.
      </Text>
    </Box>
  );
}
