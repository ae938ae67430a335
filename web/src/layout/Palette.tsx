// The command palette (Ctrl K): pages, what one can start, members and keys by name.
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { IconKey, IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Me, Seat } from '../api/nouns';
import { keysQuery } from '../key/query';
import { membersQuery } from '../member/query';
import { paths } from '../paths';
import { Face } from '../ui/face';
import { sectionsFor } from './navigation';
import classes from './palette.module.css';

/** Results shown at once; more letters find the rest. */
const MOST_RESULTS = 12;

export default function Palette({ me, seat }: { me: Me; seat: Seat }) {
  const groups = [usePages(me, seat), useMembers(seat), useKeys(seat)].filter(({ actions }) => actions.length > 0);
  return (
    <Spotlight
      actions={groups}
      limit={MOST_RESULTS}
      shortcut="mod + K"
      scrollable
      classNames={{ actionsGroup: classes.group }}
      maxHeight={440}
      nothingFound="No page, member or key has this name"
      searchProps={{
        leftSection: <IconSearch size={17} />,
        placeholder: 'A page, a member or a key',
        'aria-label': 'Search pages, members and keys',
      }}
    />
  );
}

function usePages(me: Me, seat: Seat): SpotlightActionGroupData {
  const navigate = useNavigate();
  const pages: SpotlightActionData[] = sectionsFor(me, seat)
    .flatMap(({ links }) => links)
    .map(({ to, label, Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={17} stroke={1.6} />,
      onClick: () => void navigate({ to }),
    }));
  const invite: SpotlightActionData = {
    id: 'invite',
    label: 'Add a new member',
    leftSection: <IconUserPlus size={17} stroke={1.6} />,
    onClick: () => void navigate({ to: paths.team, search: { add: '1' } }),
  };
  return { group: 'Pages', actions: seat.permissions.includes('teamwork.invite') ? [...pages, invite] : pages };
}

function useMembers(seat: Seat): SpotlightActionGroupData {
  const navigate = useNavigate();
  const enabled = seat.permissions.includes('teamwork.view');
  const { data: members = [] } = useQuery({ ...membersQuery(seat.account.id), enabled });
  return {
    group: 'Members',
    actions: members.map(({ id, name, email }) => ({
      id,
      label: name,
      description: email,
      leftSection: <Face id={id} name={name} />,
      onClick: () => void navigate({ to: paths.member, params: { member: id } }),
    })),
  };
}

function useKeys(seat: Seat): SpotlightActionGroupData {
  const navigate = useNavigate();
  const { data: keys = [] } = useQuery(keysQuery(seat.account.id));
  return {
    group: 'Keys',
    actions: keys.map(({ id, name, environment }) => ({
      id,
      label: name,
      description: environment,
      leftSection: <IconKey size={17} stroke={1.6} />,
      onClick: () => void navigate({ to: paths.key, params: { key: id } }),
    })),
  };
}
