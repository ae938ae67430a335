// Links that look like Mantine's parts and know the routes.
import { Anchor, Button, Menu, type AnchorProps, type ButtonProps, type MenuItemProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { forwardRef, type AnchorHTMLAttributes } from 'react';

type Html = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'color' | 'style'>;

const AnchorRoot = forwardRef<HTMLAnchorElement, AnchorProps & Html>((props, ref) => <Anchor ref={ref} {...props} />);
const ButtonRoot = forwardRef<HTMLAnchorElement, ButtonProps & Html>((props, ref) => <Button ref={ref} component="a" {...props} />);
const MenuRoot = forwardRef<HTMLAnchorElement, MenuItemProps & Html>((props, ref) => <Menu.Item ref={ref} component="a" {...props} />);
AnchorRoot.displayName = 'AnchorRoot';
ButtonRoot.displayName = 'ButtonRoot';
MenuRoot.displayName = 'MenuRoot';

export const TextLink = createLink(AnchorRoot);
export const ButtonLink = createLink(ButtonRoot);
export const MenuLink = createLink(MenuRoot);
