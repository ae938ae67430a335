// The command palette (Ctrl K): pages, what one can start, members and keys by name.
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { IconKey, IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Me, Seat } from '../api/nouns';
import { keysQuery } from '../key/query';
import { searchOf } from '../member/choice';
import { memberSearchQuery } from '../member/query';
import { paths } from '../paths';
import { Face } from '../ui/face';
import { sectionsFor } from './navigation';
import classes from './palette.module.css';

/** Results shown at once; more letters find the rest. */
const MOST_RESULTS = 12;
const TYPING_MS = 200;

export default function Palette({ me, seat }: { me: Me; seat: Seat }) {
  const [typed, setTyped] = useState('');
  const groups = [usePages(me, seat), useMembers(seat, typed), useKeys(seat)].filter(({ actions }) => actions.length > 0);
  return (
    <Spotlight
      actions={groups}
      query={typed}
      onQueryChange={setTyped}
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

/** The server looks for what is typed; the palette then shows who still has it. */
function useMembers(seat: Seat, typed: string): SpotlightActionGroupData {
  const navigate = useNavigate();
  const enabled = seat.permissions.includes('teamwork.view');
  const [q] = useDebouncedValue(searchOf(typed, undefined), TYPING_MS);
  const asked = { ...memberSearchQuery(seat.account.id, q), enabled, placeholderData: keepPreviousData };
  const members = useQuery(asked).data?.members ?? [];
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
