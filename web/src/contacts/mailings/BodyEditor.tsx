import "@mantine/tiptap/styles.css";

import { Input } from "@mantine/core";
import { Link, RichTextEditor } from "@mantine/tiptap";
import { useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./mailings.module.css";
import { MergeTagMenu } from "./MergeTagMenu";

type Props = { label: string; value: string; error?: ReactNode; onChange: (html: string) => void };

/** Text with headings, lists and links, as mail programs show it. */
export default function BodyEditor({ label, value, error, onChange }: Props) {
  const { t } = useTranslation("mailings");
  const id = useId();
  const editor = useEditor({
    extensions: [StarterKit.configure({ link: false, codeBlock: false, code: false }), Link],
    content: value,
    // Its styles are ours: the page takes none from scripts.
    injectCSS: false,
    shouldRerenderOnTransaction: true,
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, id },
      // The key that saves is no new line.
      handleKeyDown: (_, event) => event.key === "Enter" && (event.ctrlKey || event.metaKey),
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? "" : changed.getHTML()),
  });
  const names = t("editor", { returnObjects: true });
  return (
    <Input.Wrapper label={label} labelProps={{ htmlFor: id }} required error={error}>
      <RichTextEditor editor={editor} labels={names} className={classes.editor}>
        <RichTextEditor.Toolbar>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Bold />
            <RichTextEditor.Italic />
            <RichTextEditor.Underline />
            <RichTextEditor.ClearFormatting />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.H1 />
            <RichTextEditor.H2 />
            <RichTextEditor.BulletList />
            <RichTextEditor.OrderedList />
            <RichTextEditor.Blockquote />
            <RichTextEditor.Hr />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Link />
            <RichTextEditor.Unlink />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Undo />
            <RichTextEditor.Redo />
          </RichTextEditor.ControlsGroup>
          <MergeTagMenu
            label={t("tags.intoBody")}
            size={28}
            onInsert={(tag) => void editor?.chain().focus().insertContent(tag).run()}
          />
        </RichTextEditor.Toolbar>
        <RichTextEditor.Content />
      </RichTextEditor>
    </Input.Wrapper>
  );
}
