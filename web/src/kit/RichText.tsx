import "@mantine/tiptap/styles.css";

import { Input } from "@mantine/core";
import { Link, RichTextEditor } from "@mantine/tiptap";
import { useEditor, type Editor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import clsx from "clsx";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./RichText.module.css";

type Props = {
  label: string;
  value: string;
  error?: ReactNode;
  onChange: (html: string) => void;
  /** A note is short, and has neither headings nor lines. */
  short?: boolean;
  /** What else can be put into the text. */
  tools?: (editor: Editor) => ReactNode;
};

/** Text with emphasis, lists and links. */
export default function RichText({ label, value, error, onChange, short, tools }: Props) {
  const { t } = useTranslation("editor");
  const id = useId();
  const whole = short ? ({ heading: false, horizontalRule: false } as const) : {};
  const editor = useEditor({
    extensions: [StarterKit.configure({ link: false, codeBlock: false, code: false, ...whole }), Link],
    content: value,
    // Its styles are ours: the page takes none from scripts.
    injectCSS: false,
    shouldRerenderOnTransaction: true,
    autofocus: short ? "end" : false,
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, id },
      // The key that saves is no new line.
      handleKeyDown: (_, event) => event.key === "Enter" && (event.ctrlKey || event.metaKey),
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? "" : changed.getHTML()),
  });
  const names = t("labels", { returnObjects: true });
  return (
    <Input.Wrapper label={label} labelProps={{ htmlFor: id }} required error={error}>
      <RichTextEditor editor={editor} labels={names} className={clsx(classes.editor, short && classes.short)}>
        <RichTextEditor.Toolbar>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Bold />
            <RichTextEditor.Italic />
            <RichTextEditor.Underline />
            <RichTextEditor.ClearFormatting />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            {!short && <RichTextEditor.H1 />}
            {!short && <RichTextEditor.H2 />}
            <RichTextEditor.BulletList />
            <RichTextEditor.OrderedList />
            <RichTextEditor.Blockquote />
            {!short && <RichTextEditor.Hr />}
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Link />
            <RichTextEditor.Unlink />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Undo />
            <RichTextEditor.Redo />
          </RichTextEditor.ControlsGroup>
          {editor && tools?.(editor)}
        </RichTextEditor.Toolbar>
        <RichTextEditor.Content />
      </RichTextEditor>
    </Input.Wrapper>
  );
}
