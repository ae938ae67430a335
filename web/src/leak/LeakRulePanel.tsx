// What is done with a value that a scanner found where others can read it.
import { Skeleton, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSeat, useWhyNot } from '../account/seat';
import { answer, client } from '../api/client';
import { Confirm } from '../ui/confirm';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Why } from '../ui/why';

const ruleQuery = (account: string) =>
  queryOptions({
    queryKey: ['leak-rule', account],
    queryFn: () => answer(client.GET('/accounts/{account}/leaks', { params: { path: { account } } })),
  });

export function LeakRulePanel() {
  const { account } = useSeat();
  const cache = useQueryClient();
  const { data: rule, error } = useQuery(ruleQuery(account.id));
  const [asking, ask] = useDisclosure();
  const why = useWhyNot()('account.edit');
  const revokes = rule?.on_leak === 'revoke';
  const turn = async () => {
    const path = { account: account.id };
    const body = { on_leak: revokes ? 'alert' : 'revoke' } as const;
    const now = await answer(client.PUT('/accounts/{account}/leaks', { params: { path }, body }));
    cache.setQueryData(ruleQuery(account.id).queryKey, now);
    note.done(now.on_leak === 'revoke' ? 'A value that leaks is revoked at once.' : 'A value that leaks is told by mail and works on.');
  };
  return (
    <Panel title="Leaked values" hint="Found by a scanner where others can read them">
      <Refused error={error} />
      {!rule && !error && <Skeleton h={44} />}
      {rule && (
        <Why why={why}>
          <Switch
            label="Revoke a leaked value at once"
            description="Its member and the owner get a mail either way"
            checked={revokes}
            onChange={() => why === null && ask.open()}
          />
        </Why>
      )}
      <Confirm
        opened={asking}
        close={ask.close}
        calm={!revokes}
        title={revokes ? 'Let leaked values work on?' : 'Revoke leaked values?'}
        action={revokes ? 'Only tell' : 'Revoke them'}
        run={turn}
      >
        {revokes ? (
          <>Whoever found a value of {account.name} can call with it until somebody revokes it by hand.</>
        ) : (
          <>A value of {account.name} that is reported is revoked for good. Programs that call with it stop at once.</>
        )}
        <Text size="sm" c="dimmed" mt="xs">
          Values that were reported before are not touched.
        </Text>
      </Confirm>
    </Panel>
  );
}
