// The fields of the dialog that makes a key.
import { Group, MultiSelect, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useAccount, useInstance } from '../account/query';
import { useMay, useSeat } from '../account/seat';
import { MemberSelect } from '../member/MemberSelect';
import { ENVIRONMENTS } from './environment';
import { OWN_WORD, type KeyForm } from './keyForm';

type Fields = { form: KeyForm };

export function EnvironmentField({ form }: Fields) {
  return (
    <Stack gap={8}>
      <div>
        <Text fz={12.5} fw={560} mb={4} id="environment-label">
          Environment
        </Text>
        <SegmentedControl
          fullWidth
          styles={{ label: { paddingInline: 4 } }}
          aria-labelledby="environment-label"
          data={[...ENVIRONMENTS.map((name) => ({ value: name, label: name })), { value: OWN_WORD, label: 'Other' }]}
          {...form.getInputProps('environment')}
        />
      </div>
      {form.values.environment === OWN_WORD && (
        <TextInput
          aria-label="Name of the environment"
          placeholder="Staging, Partners …"
          maxLength={40}
          data-autofocus
          {...form.getInputProps('word')}
          error={form.errors.word ?? form.errors.environment}
        />
      )}
    </Stack>
  );
}

export function UseFields({ form }: Fields) {
  const seat = useSeat();
  const mayTeam = useMay()('teamwork.view');
  return (
    <Group grow align="start">
      <Select
        label="Who uses it"
        data={[
          { value: 'own', label: 'One member' },
          { value: 'shared', label: 'Shared, a value for each member' },
        ]}
        {...form.getInputProps('sharing')}
      />
      {form.values.sharing === 'own' &&
        (mayTeam ? (
          <MemberSelect label="Holder" activeOnly {...form.getInputProps('holder')} value={form.values.holder} />
        ) : (
          <Select label="Holder" data={[{ value: seat.member_id, label: 'You' }]} {...form.getInputProps('holder')} />
        ))}
    </Group>
  );
}

export function ApiField({ form }: Fields) {
  const subscribed = useAccount().data?.subscriptions.map(({ api }) => api);
  const apis = (useInstance().data?.apis ?? []).filter(({ name }) => !subscribed || subscribed.includes(name));
  return (
    <MultiSelect
      label="APIs"
      placeholder={form.values.apis.length === 0 ? 'Every API' : undefined}
      data={apis.map(({ name, title }) => ({ value: name, label: title }))}
      {...form.getInputProps('apis')}
    />
  );
}

/** What the button will do, and to whom. */
export function WhatHappens({ form }: Fields) {
  const seat = useSeat();
  const { sharing, holder } = form.values;
  const text =
    sharing === 'shared'
      ? 'Every member may draw a value of their own for it; yours is shown next, once.'
      : holder === seat.member_id
        ? 'Its value is shown next, once.'
        : 'The holder draws its value; you do not see it.';
  return (
    <Text size="xs" c="dimmed">
      {text} What it spends counts on {seat.account.name}.
    </Text>
  );
}
