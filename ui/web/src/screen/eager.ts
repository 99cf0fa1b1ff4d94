// The kinds that come with the first bundle: they are on nearly every page and small.

import { Column, Columns, Container, Empty, FragmentBox } from "../elements/container";
import { Badge, Divider, Markdown, Text } from "../elements/text";

export const text = { markdown: Markdown, text: Text, divider: Divider, badge: Badge };

export const containers = {
  container: Container,
  empty: Empty,
  columns: Columns,
  columnBox: Column,
  tabBox: Container,
  fragmentBox: FragmentBox,
};
