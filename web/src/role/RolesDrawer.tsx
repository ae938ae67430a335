// The roles of an account or of a key: a list at the left, the one in hand beside it, all saved together.
import { Drawer, Grid, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import type { Roles } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import { LeaveGuard } from '../ui/leave';
import { Refused } from '../ui/notice';
import { useUrl } from '../ui/url';
import { GoneRole } from './GoneRole';
import { Meanwhile } from './Meanwhile';
import type { Scope } from './query';
import { RoleForm } from './RoleForm';
import { RoleList } from './RoleList';
import { SaveRoles } from './SaveRoles';
import { useRoles, type RolesEditor } from './useRoles';

/** In the address, where a role's id would stand: a role to be made. */
export const NEW_ROLE = 'new';

type DrawerProps = {
  scope: Scope;
  saved: Roles;
  /** What one holds in the scope: nobody gives what they do not have. */
  mine: readonly string[];
  /** Where the roles belong, in words: "Northwind Sports", "ticket-checkout". */
  of: string;
};

/** Open while the address names a role. */
export function RolesDrawer({ scope, saved, mine, of }: DrawerProps) {
  const [{ role: asked }, change] = useUrl();
  const [leaving, leave] = useDisclosure();
  const editor = useRoles(scope, saved);
  const { changes } = editor;
  const shut = () => change({ role: undefined });
  const mayAdd = saved.can.create.allowed;
  useEffect(() => {
    if (asked === NEW_ROLE && mayAdd) change({ role: editor.add() });
    // Asked once: what the editor holds by then changes nothing about it.
    // eslint-disable-next-line
  }, [asked, mayAdd]);
  return (
    <>
      <Drawer opened={asked !== undefined} onClose={changes > 0 ? leave.open : shut} title={`Roles of ${of}`} size={760}>
        <Editor editor={editor} mine={mine} shut={shut} />
      </Drawer>
      <Confirm
        opened={leaving}
        close={leave.close}
        title="Close without saving?"
        action="Close without saving"
        run={async () => {
          editor.discard();
          shut();
        }}
      >
        What you changed in {plural(changes, 'role')} would be lost.
      </Confirm>
      <LeaveGuard when={changes > 0} what="What you changed in these roles" />
    </>
  );
}

function Editor({ editor, mine, shut }: { editor: RolesEditor; mine: readonly string[]; shut: () => void }) {
  const [{ role: asked }, change] = useUrl();
  const { base, drafts, flaws } = editor;
  const known = [...base.roles.map(({ id }) => id), ...drafts.map(({ key }) => key)];
  const chosen = known.find((key) => key === asked) ?? known[0];
  const draft = drafts.find(({ key }) => key === chosen);
  const role = base.roles.find(({ id }) => id === chosen);
  return (
    <Stack gap="md">
      <Meanwhile news={editor.news} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <RoleList
            roles={base.roles}
            drafts={drafts}
            flaws={flaws}
            chosen={chosen}
            choose={(key) => change({ role: key })}
            create={base.can.create}
            add={() => change({ role: editor.add() })}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 8 }}>
          {draft?.isGone && role ? (
            <GoneRole key={chosen} role={role} draft={draft} editor={editor} />
          ) : (
            <RoleForm key={chosen} role={role} draft={draft} editor={editor} mine={mine} />
          )}
        </Grid.Col>
      </Grid>
      <Refused error={editor.error} />
      <SaveRoles editor={editor} shut={shut} />
    </Stack>
  );
}
