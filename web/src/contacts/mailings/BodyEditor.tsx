import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import RichText from "../../kit/RichText";
import { MergeTagMenu } from "./MergeTagMenu";

type Props = { label: string; value: string; error?: ReactNode; onChange: (html: string) => void };

/** The text of a letter to many: each gets his own name in it. */
export default function BodyEditor(props: Props) {
  const { t } = useTranslation("mailings");
  return (
    <RichText
      {...props}
      tools={(editor) => (
        <MergeTagMenu
          label={t("tags.intoBody")}
          size={28}
          onInsert={(tag) => void editor.chain().focus().insertContent(tag).run()}
        />
      )}
    />
  );
}
