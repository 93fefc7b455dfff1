import type { Network } from "../api/types";
import { i18n } from "../app/i18n";

/** Names of one's own are the same in every language. */
const NAMES: Partial<Record<Network, string>> = {
  TELEGRAM: "Telegram",
  WHATSAPP: "WhatsApp",
  LINKEDIN: "LinkedIn",
  FACEBOOK: "Facebook",
  INSTAGRAM: "Instagram",
  X: "X",
  YOUTUBE: "YouTube",
  GITHUB: "GitHub",
  SKYPE: "Skype",
};

export const NETWORKS: Network[] = ["TELEGRAM", "WHATSAPP", "VK", "LINKEDIN", "FACEBOOK", "INSTAGRAM", "X"].concat([
  "YOUTUBE",
  "GITHUB",
  "SKYPE",
  "OTHER_NETWORK",
]) as Network[];

/** What a social network is called. */
export function networkName(network: Network) {
  return NAMES[network] ?? i18n.t(network === "VK" ? "contacts:network.VK" : "contacts:network.OTHER_NETWORK");
}
