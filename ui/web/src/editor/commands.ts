import { address } from "../net/base";
import { setTheme } from "../style/theme";
import { commands as names } from "../text/messages/editor";
import type { Actions } from "./actions";

/** Where a command's keys work. */
export type When = "always" | "command" | "edit";

export interface Command {
  name: string;
  group: keyof typeof names.groups;
  /** Keys and where they work; "d d" is one key after the other. */
  keys: { keys: string; when: When }[];
  run: () => void;
}

const at =
  (when: When) =>
  (...keys: string[]) =>
    keys.map((k) => ({ keys: k, when }));
const always = at("always");
const command = at("command");
const edit = at("edit");

/** Every command of the editor, with Jupyter's keys where Jupyter has the command. */
export function commands(a: Actions): Command[] {
  return [
    { name: names.runAdvance, group: "run", keys: always("Shift+Enter"), run: () => a.runAdvance() },
    { name: names.run, group: "run", keys: always("Ctrl+Enter", "Meta+Enter"), run: () => a.run() },
    { name: names.runInsert, group: "run", keys: always("Alt+Enter"), run: () => a.runInsert() },
    { name: names.runAll, group: "run", keys: always("Ctrl+Shift+Enter"), run: () => a.runWhat("all") },
    { name: names.runStale, group: "run", keys: [], run: () => a.runWhat("stale") },
    { name: names.runAbove, group: "run", keys: [], run: () => a.runWhat("above") },
    { name: names.runBelow, group: "run", keys: [], run: () => a.runWhat("below") },
    { name: names.interrupt, group: "run", keys: command("i i"), run: () => a.interrupt() },
    { name: names.restart, group: "run", keys: command("0 0"), run: () => a.restart(false) },
    { name: names.restartRun, group: "run", keys: [], run: () => a.restart(true) },
    { name: names.clear, group: "run", keys: [], run: () => a.clear(false) },
    { name: names.clearAll, group: "run", keys: [], run: () => a.clear(true) },
    { name: names.reactive, group: "run", keys: [], run: () => a.setReactive(!a.notebook.reactive.get()) },
    {
      name: names.omitOutputs,
      group: "run",
      keys: [],
      run: () => a.setOmitOutputs(!a.notebook.omitOutputs.get()),
    },

    { name: names.above, group: "cells", keys: command("a"), run: () => a.insertBeside(false) },
    { name: names.below, group: "cells", keys: command("b"), run: () => a.insertBeside(true) },
    { name: names.remove, group: "cells", keys: command("d d", "Delete"), run: () => a.remove() },
    { name: names.undo, group: "cells", keys: command("z", "Mod+z"), run: () => a.undo() },
    { name: names.redo, group: "cells", keys: command("Shift+z", "Mod+Shift+z"), run: () => a.undo(true) },
    { name: names.cut, group: "cells", keys: command("x", "Mod+x"), run: () => a.cut() },
    { name: names.copy, group: "cells", keys: command("c", "Mod+c"), run: () => a.copy() },
    { name: names.paste, group: "cells", keys: command("v", "Mod+v"), run: () => a.paste() },
    { name: names.pasteAbove, group: "cells", keys: command("Shift+v"), run: () => a.paste(true) },
    { name: names.duplicate, group: "cells", keys: [], run: () => a.duplicate() },
    { name: names.up, group: "cells", keys: always("Ctrl+Shift+ArrowUp"), run: () => a.move(-1) },
    { name: names.down, group: "cells", keys: always("Ctrl+Shift+ArrowDown"), run: () => a.move(1) },
    { name: names.toGo, group: "cells", keys: command("y"), run: () => a.convert("go") },
    { name: names.toMarkdown, group: "cells", keys: command("m"), run: () => a.convert("markdown") },
    { name: names.toSql, group: "cells", keys: command("q"), run: () => a.convert("sql") },
    {
      name: names.split,
      group: "cells",
      keys: edit("Ctrl+Shift+-", "Ctrl+Shift+_"),
      run: () => void a.split(),
    },
    { name: names.merge, group: "cells", keys: command("Shift+m"), run: () => void a.merge() },
    { name: names.disable, group: "cells", keys: [], run: () => a.toggle("disabled") },
    { name: names.once, group: "cells", keys: [], run: () => a.toggle("once") },
    { name: names.nameCell, group: "cells", keys: [], run: () => a.overlay.set("name") },
    { name: names.toRaw, group: "cells", keys: command("r"), run: () => a.convert("raw") },

    { name: names.edit, group: "move", keys: command("Enter"), run: () => a.edit() },
    { name: names.command, group: "move", keys: edit("Ctrl+m"), run: () => a.leave() },
    { name: names.next, group: "move", keys: command("ArrowDown", "j"), run: () => a.step(1) },
    { name: names.previous, group: "move", keys: command("ArrowUp", "k"), run: () => a.step(-1) },
    {
      name: names.first,
      group: "move",
      keys: command("Home", "Mod+ArrowUp"),
      run: () => a.step(Number.NEGATIVE_INFINITY),
    },
    {
      name: names.last,
      group: "move",
      keys: command("End", "Mod+ArrowDown"),
      run: () => a.step(Number.POSITIVE_INFINITY),
    },
    {
      name: names.extendDown,
      group: "move",
      keys: command("Shift+ArrowDown", "Shift+j"),
      run: () => a.step(1, true),
    },
    {
      name: names.extendUp,
      group: "move",
      keys: command("Shift+ArrowUp", "Shift+k"),
      run: () => a.step(-1, true),
    },
    { name: names.selectAll, group: "move", keys: command("Mod+a"), run: () => a.selectAll() },

    { name: names.complete, group: "edit", keys: edit("Ctrl+ "), run: () => a.handle()?.command("complete") },
    { name: names.docs, group: "edit", keys: edit("Shift+Tab"), run: () => a.handle()?.command("docs") },
    { name: names.comment, group: "edit", keys: edit("Mod+/"), run: () => a.handle()?.command("comment") },
    { name: names.fix, group: "edit", keys: always("Mod+."), run: () => a.handle()?.command("fix") },
    {
      name: names.findReplace,
      group: "edit",
      keys: always("Mod+f").concat(command("f")),
      run: () => a.openFind(),
    },
    {
      name: names.references,
      group: "edit",
      keys: edit("Shift+F12"),
      run: () => a.overlay.set("references"),
    },
    { name: names.vim, group: "edit", keys: [], run: () => a.setVim(!a.vim.get()) },
    { name: names.formatAll, group: "edit", keys: [], run: () => void a.formatAll() },
    {
      name: names.format,
      group: "edit",
      keys: always("Shift+Alt+f"),
      run: () => a.handle()?.command("format"),
    },
    {
      name: names.definition,
      group: "edit",
      keys: edit("F12"),
      run: () => a.handle()?.command("definition"),
    },
    { name: names.rename, group: "edit", keys: edit("F2"), run: () => a.handle()?.command("rename") },

    {
      name: names.palette,
      group: "view",
      keys: always("Mod+Shift+p").concat(command("p")),
      run: () => a.overlay.set("palette"),
    },
    {
      name: names.manual,
      group: "view",
      keys: [],
      run: () => window.open(address("help"), "_blank", "noreferrer"),
    },
    { name: names.keysPage, group: "view", keys: command("h", "?"), run: () => a.overlay.set("keys") },
    { name: names.hideCode, group: "view", keys: command("Shift+h"), run: () => a.toggle("hideCode") },
    { name: names.hideOutput, group: "view", keys: command("o"), run: () => a.toggleOutput() },
    { name: names.fold, group: "view", keys: command("ArrowLeft", "ArrowRight"), run: () => a.fold() },
    { name: names.foldAll, group: "view", keys: [], run: () => a.sections.all(true) },
    { name: names.unfoldAll, group: "view", keys: [], run: () => a.sections.all(false) },
    { name: names.preview, group: "view", keys: [], run: () => a.show("preview") },
    { name: names.toggleOutline, group: "view", keys: [], run: () => a.show("outline") },
    { name: names.variables, group: "view", keys: [], run: () => a.show("variables") },
    { name: names.graph, group: "view", keys: [], run: () => a.show("graph") },
    { name: names.history, group: "view", keys: [], run: () => a.show("history") },
    { name: names.themeLight, group: "view", keys: [], run: () => setTheme("light") },
    { name: names.themeDark, group: "view", keys: [], run: () => setTheme("dark") },
    { name: names.themeSystem, group: "view", keys: [], run: () => setTheme("system") },

    { name: names.save, group: "file", keys: always("Mod+s").concat(command("s")), run: () => a.save() },
    {
      name: names.list,
      group: "file",
      keys: [],
      run: () => {
        location.href = address("");
      },
    },
  ];
}
