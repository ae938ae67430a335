// One's second factor: whether there is one, the recovery codes that are left, and the ways to change both.
import { Button, Group, Modal, Skeleton, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceMobile, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import { Empty } from '../ui/empty';
import { Field } from '../ui/field';
import { note, Notice, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Status } from '../ui/status';
import { When } from '../ui/when';
import { accessTokensQuery } from './access-tokens';
import { meQuery } from './me';
import { ProveBoth } from './ProveBoth';
import { secondFactorQuery } from './second-factor';
import { sessionsQuery } from './sessions';
import { RecoveryCodes, SetUpSecondFactor } from './SetUpSecondFactor';

/** So few codes left that one should draw others. */
const FEW = 3;

export function SecondFactorPanel() {
  const { data, error } = useQuery(secondFactorQuery);
  const [settingUp, setUp] = useDisclosure();
  return (
    <Panel title="Second factor" hint="A code beside your password">
      <Refused error={error} />
      {!data && !error && <Skeleton h={96} />}
      {data?.confirmed_at === null && (
        <Empty
          icon={<IconDeviceMobile size={20} />}
          title="Your password is all it takes"
          action={<Button onClick={setUp.open}>Set up a second factor…</Button>}
        >
          Whoever learns it can sign in as you. With a second factor they would need your phone too.
        </Empty>
      )}
      {data?.confirmed_at && <On since={data.confirmed_at} left={data.recovery_codes_left} />}
      <SetUpSecondFactor opened={settingUp} close={setUp.close} />
    </Panel>
  );
}

function On({ since, left }: { since: string; left: number }) {
  const cache = useQueryClient();
  const [drawing, draw] = useDisclosure();
  const [removing, remove] = useDisclosure();
  const [codes, setCodes] = useState<string[] | null>(null);
  const changed = () => cache.invalidateQueries(secondFactorQuery);
  const stored = () => {
    setCodes(null);
    void changed();
  };
  return (
    <Stack gap="md">
      <Group gap="xl">
        <Field name="Second factor">
          <Status tone="good">On</Status>
        </Field>
        <Field name="Since">
          <When at={since} />
        </Field>
        <Field name="Recovery codes left">{left}</Field>
      </Group>
      {left <= FEW && <Notice kind="warn">Draw new recovery codes before the last one is used.</Notice>}
      <Group justify="space-between">
        <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={draw.open}>
          New recovery codes…
        </Button>
        <Button variant="subtle" color="vermilion" onClick={remove.open}>
          Turn off…
        </Button>
      </Group>
      <ProveBoth
        opened={drawing}
        close={draw.close}
        title="Draw new recovery codes?"
        action="Draw new recovery codes"
        run={async (body) => setCodes((await answer(client.POST('/me/second-factor/recovery-codes', { body }))).recovery_codes)}
      >
        The codes you have do nothing any more as soon as the new ones are shown.
      </ProveBoth>
      <ProveBoth
        opened={removing}
        close={remove.close}
        title="Turn your second factor off?"
        action="Turn it off"
        isDestructive
        run={async (body) => {
          await answer(client.POST('/me/second-factor/remove', { body }));
          await Promise.all([secondFactorQuery, meQuery, sessionsQuery, accessTokensQuery].map((query) => cache.invalidateQueries({ queryKey: query.queryKey })));
          note.done('Your second factor is off. Your password is enough to sign in.');
        }}
      >
        Your password alone lets you in then. Every other session and all your access tokens end. An account that requires a second
        factor lets you do nothing until you have one again.
      </ProveBoth>
      <Modal
        opened={codes !== null}
        onClose={() => undefined}
        title="Your new recovery codes"
        size={480}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        {codes && <RecoveryCodes codes={codes} onStored={stored} />}
      </Modal>
    </Stack>
  );
}
