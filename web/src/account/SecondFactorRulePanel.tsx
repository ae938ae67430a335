// Whether the account requires a second factor of its members, and how many have none.
import { Skeleton, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import { useMe } from '../person/me';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Why } from '../ui/why';
import { useSeat, useWhyNot } from './seat';

const ruleQuery = (account: string) =>
  queryOptions({
    queryKey: ['second-factor-rule', account],
    queryFn: () => answer(client.GET('/accounts/{account}/second-factor', { params: { path: { account } } })),
  });

export function SecondFactorRulePanel() {
  const { account } = useSeat();
  const { has_second_factor } = useMe().person;
  const cache = useQueryClient();
  const { data: rule, error } = useQuery(ruleQuery(account.id));
  const [asking, ask] = useDisclosure();
  const missing = useWhyNot()('account.edit');
  const isRequired = (rule?.required_at ?? null) !== null;
  const own = isRequired || has_second_factor ? null : 'Set up a second factor of your own first, under your name: Settings, Security.';
  const why = missing ?? own;
  const turn = async () => {
    const path = { account: account.id };
    const body = { is_required: !isRequired };
    const now = await answer(client.PUT('/accounts/{account}/second-factor', { params: { path }, body }));
    cache.setQueryData(ruleQuery(account.id).queryKey, now);
    note.done(now.required_at ? `${account.name} requires a second factor now.` : `${account.name} requires no second factor any more.`);
  };
  const without = rule ? plural(rule.members_without, 'active member') : '';
  return (
    <Panel title="Second factor" hint="A code beside each member's password">
      <Refused error={error} />
      {!rule && !error && <Skeleton h={44} />}
      {rule && (
        <Why why={why}>
          <Switch
            label="Every member needs one"
            description={rule.members_without === 0 ? 'Every active member has one' : `${without} without one`}
            checked={isRequired}
            onChange={() => why === null && ask.open()}
          />
        </Why>
      )}
      <Confirm
        opened={asking}
        close={ask.close}
        calm={isRequired || rule?.members_without === 0}
        title={isRequired ? 'Require no second factor?' : 'Require a second factor?'}
        action={isRequired ? 'Require none' : 'Require a second factor'}
        run={turn}
      >
        {isRequired ? (
          <>A password is enough again to work in {account.name}. Who has a second factor keeps it.</>
        ) : (
          <>Who has none can do nothing in {account.name} but set one up: {without} now. Their access tokens are refused until then.</>
        )}
        <Text size="sm" c="dimmed" mt="xs">
          Calls with keys are not touched.
        </Text>
      </Confirm>
    </Panel>
  );
}
