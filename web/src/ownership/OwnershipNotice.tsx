// Tells whoever is offered the account that they are, where they come by.
import { useQuery } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import { paths } from '../paths';
import { TextLink } from '../ui/links';
import { Notice } from '../ui/notice';
import { ownershipQuery } from './query';

export function OwnershipNotice() {
  const { data } = useQuery(ownershipQuery(useAccountId()));
  if (!data?.offer?.is_to_me) return null;
  return (
    <Notice>
      <b>{data.owner.name}</b> offers you this account.{' '}
      <TextLink to={paths.ownership} inherit td="underline">
        Look at the offer
      </TextLink>
    </Notice>
  );
}
