import { Combobox, InputBase, Loader, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, listOf } from "../api/queries";
import type { Contact, Kind } from "../api/types";
import { tellError } from "./toasts";

type Props = {
  label: string;
  /** In a row of filters, the label stands in the box while nobody is chosen. */
  hideLabel?: boolean;
  value: string;
  /** What the chosen contact is called, if that is known already. */
  title?: string;
  kind?: Kind;
  required?: boolean;
  error?: ReactNode;
  onChange: (name: string, contact?: Contact) => void;
  description?: ReactNode;
  /** Takes the name of one that is not there yet; without it only existing ones can be chosen. */
  onCreate?: (typed: string) => void;
};

const CREATE = "create";

/** What tells contacts of the same name apart. */
function traitsOf({ companyDisplayName, emails, phones }: Contact) {
  const email = emails.find(({ primary }) => primary)?.value;
  const phone = phones.find(({ primary }) => primary);
  return [companyDisplayName, email, phone && (phone.national || phone.value)].filter(Boolean).join(" · ");
}

/** Chooses a contact by any word of it. */
export function ContactPicker(props: Props) {
  const { label, hideLabel, value, title, kind, required, error, description, onChange, onCreate } = props;
  const { t } = useTranslation("kit");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState<string>();
  const [q] = useDebouncedValue(typed ?? "", 200);
  const chosen = useQuery({ ...contactNamed(value), enabled: value !== "" && title === undefined });
  const client = useQueryClient();
  const matching = (words: string) => listOf("contacts", { q: words, filter: kind && `kind = ${kind}`, pageSize: 8 });
  const found = useQuery({
    ...matching(q),
    enabled: combobox.dropdownOpened,
    placeholderData: keepPreviousData,
  });
  const shown = typed ?? (value ? (title ?? chosen.data?.displayName ?? "") : (title ?? ""));

  const wanted = (typed ?? "").trim();
  // Not before it is known that there is none of that name yet.
  const settled = typed === q && !found.isFetching;
  const known = found.data?.records.some(({ displayName }) => displayName.toLowerCase() === wanted.toLowerCase());
  const creatable = onCreate !== undefined && wanted !== "" && settled && !known;

  const choose = (option: string) => {
    combobox.closeDropdown();
    if (option !== CREATE) {
      onChange(
        option,
        found.data?.records.find((contact) => contact.name === option),
      );
    } else if (onCreate) {
      onCreate(wanted);
    }
    setTyped(undefined);
  };
  const type = (text: string) => {
    setTyped(text);
    combobox.openDropdown();
    combobox.updateSelectedOptionIndex();
  };
  /** Enter takes the first that was found; what was only typed never sends the form around it. */
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !wanted) return;
    event.preventDefault();
    if (combobox.getSelectedOptionIndex() !== -1) return;
    // The list may still show what was found before.
    void client.fetchQuery(matching(wanted)).then(({ records: [first] }) => {
      if (!first) return;
      combobox.closeDropdown();
      onChange(first.name, first);
      setTyped(undefined);
    }, tellError);
  };
  const blur = () => {
    combobox.closeDropdown();
    // What was only typed is no choice; emptying the box is.
    if (typed === "") onChange("");
    setTyped(undefined);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={(option) => choose(option)}>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          role="combobox"
          {...(hideLabel ? { "aria-label": label } : { label })}
          required={required}
          error={error}
          description={description}
          placeholder={hideLabel ? label : t("typeToSearch")}
          autoComplete="off"
          rightSection={found.isFetching ? <Loader size={16} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          value={shown}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={enter}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={blur}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
          {(found.data?.records ?? []).map((contact) => (
            <Combobox.Option key={contact.name} value={contact.name}>
              <div className="anywhere">{contact.displayName}</div>
              <div className="quiet" style={{ fontSize: "var(--mantine-font-size-xs)" }}>
                {traitsOf(contact)}
              </div>
            </Combobox.Option>
          ))}
          {creatable && <Combobox.Option value={CREATE}>{t("createCompany", { name: wanted })}</Combobox.Option>}
          {found.data?.records.length === 0 && !creatable && <Combobox.Empty>{t("nothingFound")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
