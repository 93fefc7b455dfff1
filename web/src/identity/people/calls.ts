import { answer, api, idOf, submissionKeys } from "../../api/client";
import type { Group, Role, User, UserState } from "../../api/types";

export type UserFields = { displayName: string; email: string; jobTitle: string; role: Role };

/** What is decided when somebody is invited and is his own, or the groups', afterwards. */
export type Invited = UserFields & { language: "" | "en" | "ru"; groups: string[] };

const params = (user: User) => ({ path: { user: idOf(user.name) } });

/** Adds somebody, who gets a link to join, and puts him into groups. */
export async function addUser({ groups, ...fields }: Invited) {
  const user = await answer<User>(api.POST("/v1/users", { body: fields }));
  for (const group of groups) await join(user, group);
  return user;
}

async function join(user: User, name: string) {
  const params = { path: { group: idOf(name) } };
  const { members, etag } = await answer<Group>(api.GET("/v1/groups/{group}", { params }));
  await answer(api.PATCH("/v1/groups/{group}", { params, body: { members: [...members, user.name], etag } }));
}

export function changeUser(user: User, changes: Partial<UserFields> & { state?: UserState }) {
  const body = { ...changes, etag: user.etag };
  return answer<User>(api.PATCH("/v1/users/{user}", { params: params(user), body }));
}

/** Sends another invitation; the link before stops working. */
export function inviteAgain(user: User) {
  return answer<User>(api.POST("/v1/users/{user}:invite", { params: params(user), body: {} }));
}

/** Makes a link with which somebody sets a new password. */
export function makeResetLink(user: User) {
  const call = api.POST("/v1/users/{user}:sendPasswordReset", { params: params(user), body: {} });
  return answer<{ passwordResetLink: string }>(call);
}

export function removeTotp(user: User) {
  return answer<User>(api.POST("/v1/users/{user}:removeTotp", { params: params(user), body: {} }));
}

/** Gives everything that somebody is responsible for to another. */
export function handOver(user: User, to: string) {
  return answer(api.POST("/v1/users/{user}:handOver", { params: params(user), body: { to } }));
}

export type GroupFields = { title: string; members: string[] };

/** Makes a group, or changes one. */
export function saveGroup(fields: GroupFields, group: Group | undefined, submission = submissionKeys()) {
  if (!group) {
    const headers = { "Idempotency-Key": submission(fields) };
    return answer<Group>(api.POST("/v1/groups", { body: fields, headers }));
  }
  const body = { ...fields, etag: group.etag };
  return answer<Group>(api.PATCH("/v1/groups/{group}", { params: { path: { group: idOf(group.name) } }, body }));
}

export function deleteGroup(group: Group) {
  const params = { path: { group: idOf(group.name) }, query: { etag: group.etag } };
  return answer(api.DELETE("/v1/groups/{group}", { params }));
}
