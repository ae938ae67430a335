// Offers the account to another member, with the owner's password once more, and their second factor if they have one.
import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useInstance } from '../account/query';
import { useSeat } from '../account/seat';
import type { Ref } from '../api/nouns';
import { MemberSelect } from '../member/MemberSelect';
import { CodeInput, codeProblem } from '../person/CodeInput';
import { useMe } from '../person/me';
import { proven } from '../person/second-factor';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useSubmit } from '../ui/submit';
import { ownershipActions, ownershipQuery } from './query';

export function OfferForm({ owner }: { owner: Ref }) {
  const { account } = useSeat();
  const cache = useQueryClient();
  const [name, setName] = useState<string>();
  const { has_second_factor } = useMe().person;
  const hasMail = useInstance().data?.has_mail ?? true;
  const form = useForm({
    initialValues: { member: '', password: '', code: '' },
    validate: {
      member: (id) => (id ? null : 'Choose a member.'),
      password: (password) => (password ? null : 'Write your password.'),
      code: (code) => (has_second_factor ? codeProblem(code) : null),
    },
  });
  const { submit, busy, refusal } = useSubmit(form, async ({ code, ...offer }) => {
    const body = has_second_factor ? { ...offer, code } : offer;
    const now = await proven(ownershipActions.offer(account.id, body));
    cache.setQueryData(ownershipQuery(account.id).queryKey, now);
    const to = now.offer?.to.name;
    note.done(hasMail ? `${to} has a mail with your offer.` : `${to} finds your offer when they sign in.`);
  });
  const { onChange: setMember, value: member, ...memberField } = form.getInputProps('member');
  return (
    <Panel title="Hand the account over">
      <form onSubmit={submit} noValidate>
        <Stack gap="md" maw={460}>
          <Text size="sm">
            {name ?? 'The member you choose'} {hasMail ? 'gets a mail and' : 'finds the offer when they sign in, and'} accepts on this page within 7 days. Then they own {account.name} with all that
            it pays for, and you are an admin. Until then nothing changes, and you can withdraw the offer.
          </Text>
          <MemberSelect
            label="New owner"
            placeholder="Choose an active member"
            activeOnly
            except={owner.id}
            {...memberField}
            value={member || null}
            onChange={(id, chosen) => {
              setMember(id ?? '');
              setName(chosen?.name);
            }}
          />
          <PasswordInput label="Your password" autoComplete="current-password" {...form.getInputProps('password')} />
          {has_second_factor && <CodeInput {...form.getInputProps('code')} />}
          <Refused error={refusal} />
          <Button type="submit" w="fit-content" loading={busy}>
            {name ? `Offer ${account.name} to ${name}` : `Offer ${account.name}`}
          </Button>
        </Stack>
      </form>
    </Panel>
  );
}
