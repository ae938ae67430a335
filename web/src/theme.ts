// Type, space and the defaults of every Mantine part; the colours' meanings are in tokens.ts.
import {
  createTheme,
  type ActionIconProps, type BadgeProps, type ButtonProps, type CardProps, type CheckboxProps, type CodeProps,
  type DrawerProps, type InputProps, type InputWrapperProps, type MantineTheme, type MenuProps, type ModalProps,
  type MultiSelectProps, type NumberInputProps, type PasswordInputProps, type SegmentedControlProps, type SelectProps,
  type TableProps, type TabsProps, type TextareaProps, type TextInputProps, type TooltipProps,
} from '@mantine/core';
import type { CSSProperties } from 'react';
import { palette } from './palette';

type Themed<Props> = {
  defaultProps?: Partial<Props>;
  styles?: Record<string, CSSProperties>;
  vars?: (theme: MantineTheme, props: Props) => Record<string, Record<string, string>>;
};

/** As Mantine's `Part.extend`, by its type alone: so no page loads a part only because it has defaults. */
const part = <Props>(themed: Themed<Props>) => themed;

const control = { size: 'xs' } as const;
const closeButton = { closeButtonProps: { 'aria-label': 'Close' } };
const windowTitle = { title: { fontSize: 17, fontWeight: 620 } };
const regularButton = { '--button-height': '32px', '--button-fz': '13px', '--button-padding-x': '13px' };

const components = {
  ActionIcon: part<ActionIconProps>({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
  Badge: part<BadgeProps>({
    defaultProps: { variant: 'light', size: 'md', radius: 'sm' },
    styles: { root: { textTransform: 'none', letterSpacing: 0, fontWeight: 560, paddingInline: 7 } },
  }),
  Button: part<ButtonProps>({
    defaultProps: { size: 'xs' },
    styles: { label: { fontWeight: 560 } },
    vars: (_theme, props) => ({ root: props.size === undefined || props.size === 'xs' ? regularButton : {} }),
  }),
  Card: part<CardProps>({ defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' } }),
  Checkbox: part<CheckboxProps>({ defaultProps: control }),
  Code: part<CodeProps>({ styles: { root: { fontSize: '12px' } } }),
  Drawer: part<DrawerProps>({
    defaultProps: { position: 'right', size: 520, padding: 'lg', ...closeButton },
    styles: windowTitle,
  }),
  Input: part<InputProps>({ vars: () => ({ wrapper: { '--input-fz': '13px', '--input-height': '32px' } }) }),
  InputWrapper: part<InputWrapperProps>({
    styles: {
      label: { fontSize: 12.5, fontWeight: 560, marginBottom: 3 },
      description: { fontSize: 12, marginBottom: 2 },
      error: { fontSize: 12, marginTop: 4 },
    },
  }),
  Menu: part<MenuProps>({
    // Without the placeholder the first item has the focus, and a menu holds nothing but items.
    defaultProps: { shadow: 'md', position: 'bottom-end', width: 210, withInitialFocusPlaceholder: false },
  }),
  Modal: part<ModalProps>({
    defaultProps: { centered: true, padding: 'lg', radius: 'lg', overlayProps: { backgroundOpacity: 0.45 }, ...closeButton },
    styles: windowTitle,
  }),
  MultiSelect: part<MultiSelectProps>({ defaultProps: control }),
  NumberInput: part<NumberInputProps>({ defaultProps: { ...control, thousandSeparator: ',', hideControls: true } }),
  PasswordInput: part<PasswordInputProps>({ defaultProps: control }),
  SegmentedControl: part<SegmentedControlProps>({
    defaultProps: { size: 'xs', radius: 'md' },
    vars: () => ({ root: { '--sc-padding': '3.5px 9px', '--sc-font-size': '12.5px' } }),
    styles: { label: { fontWeight: 520 } },
  }),
  Select: part<SelectProps>({ defaultProps: { ...control, allowDeselect: false } }),
  Table: part<TableProps>({
    defaultProps: {
      verticalSpacing: 8,
      horizontalSpacing: 'md',
      highlightOnHover: true,
      borderColor: 'var(--kw-hairline)',
      highlightOnHoverColor: 'var(--kw-wash)',
    },
    styles: {
      table: { fontSize: 13 },
      th: { fontSize: 12, fontWeight: 500, color: 'var(--mantine-color-dimmed)', whiteSpace: 'nowrap', paddingBlock: 7 },
    },
  }),
  Tabs: part<TabsProps>({
    styles: { tab: { fontSize: 13, fontWeight: 540, paddingInline: 2, paddingBlock: 9, marginInlineEnd: 20 } },
  }),
  Textarea: part<TextareaProps>({ defaultProps: control }),
  TextInput: part<TextInputProps>({ defaultProps: control }),
  Tooltip: part<TooltipProps>({ defaultProps: { openDelay: 250, fz: 'xs', multiline: true, maw: 320 } }),
};

export const theme = createTheme({
  colors: palette,
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.27,
  cursorType: 'pointer',
  fontFamily: "'Hanken Grotesk Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '32px' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '24px', lineHeight: '1.25' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  components,
});
