import { go } from "@codemirror/lang-go";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { defineLanguageFacet, Language, languageDataProp, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags as t, tagHighlighter } from "@lezer/highlight";
import { GFM, parser } from "@lezer/markdown";
import type { Kind } from "../../protocol/notebook";

// Markdown as a language of its own, without the grammars of what fenced code may hold.
const markdownData = defineLanguageFacet({ commentTokens: { block: { open: "<!--", close: "-->" } } });
const markdown = new Language(
  markdownData,
  parser.configure([GFM, { props: [languageDataProp.add({ Document: markdownData })] }]),
  [],
  "markdown",
);

const goSupport = go();
const sqlSupport = sql({ dialect: PostgreSQL });

export function language(kind: Kind): Extension {
  switch (kind) {
    case "go":
      return goSupport;
    case "sql":
      return sqlSupport;
    case "markdown":
      return markdown;
    default:
      return [];
  }
}

/** The same classes as text that is only shown has (text/highlight.ts). */
export const highlighting: Extension = syntaxHighlighting(
  tagHighlighter([
    {
      tag: [t.keyword, t.controlKeyword, t.definitionKeyword, t.moduleKeyword, t.operatorKeyword],
      class: "tok-keyword",
    },
    { tag: [t.bool, t.null, t.atom, t.self], class: "tok-keyword" },
    { tag: [t.string, t.special(t.string), t.character, t.regexp, t.escape], class: "tok-string" },
    { tag: [t.number, t.integer, t.float], class: "tok-number" },
    { tag: [t.comment, t.lineComment, t.blockComment], class: "tok-comment" },
    { tag: [t.typeName, t.standard(t.typeName), t.className], class: "tok-type" },
    {
      tag: [t.function(t.variableName), t.function(t.propertyName), t.function(t.definition(t.variableName))],
      class: "tok-func",
    },
    { tag: t.heading, class: "tok-heading" },
    { tag: t.strong, class: "tok-strong" },
    { tag: t.emphasis, class: "tok-emphasis" },
    { tag: t.monospace, class: "tok-mono" },
    { tag: [t.link, t.url], class: "tok-link" },
    { tag: t.quote, class: "tok-comment" },
    { tag: [t.processingInstruction, t.contentSeparator], class: "tok-mark" },
  ]),
);
