import { z } from 'zod';
import { syncResultSchema } from '../domain/step-outcome.js';
import { situationSchema } from './situation.js';

/** What a child process and its parent say to each other, as JSON over the channel between them. */

const idsSchema = z.array(z.string()).readonly();

const transactionSchema = z.object({
  id: z.string(),
  date: z.string(),
  amount: z.number().int(),
  payee: z.string().nullable(),
  importedPayee: z.string().nullable(),
  notes: z.string().nullable(),
  accountName: z.string(),
});
const categorisedTransactionSchema = transactionSchema.extend({ categoryId: z.string() });
const categorySchema = z.object({ id: z.string(), name: z.string(), groupName: z.string() });

const settingsSchema = z.object({
  serverUrl: z.string(),
  syncId: z.string(),
  /** The folder of this connection and budget; nobody else uses it. */
  folder: z.string(),
  encryptionPassword: z.string().nullable(),
  /** For one HTTP request. */
  timeoutMs: z.number(),
  /** The local copy is beyond repair: remove it first. */
  startAfresh: z.boolean(),
});
export type ChildSettings = z.infer<typeof settingsSchema>;

const operationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sync') }),
  z.object({
    kind: z.literal('read-batch'),
    batch: z.union([
      z.object({ transactionIds: idsSchema }),
      z.object({ allUncategorized: z.literal(true), limit: z.number().int() }),
    ]),
  }),
  z.object({ kind: z.literal('read-uncategorized'), search: z.string(), limit: z.number().int() }),
  z.object({ kind: z.literal('read-history') }),
]);
export type Operation = z.infer<typeof operationSchema>;

export const parentMessageSchema = z.discriminatedUnion('type', [
  /** The first message, once. */
  z.object({ type: z.literal('configure'), settings: settingsSchema }),
  /** One at a time. `token` is of a session on the server; null where nobody has logged in yet. */
  z.object({
    type: z.literal('call'),
    call: z.number(),
    operation: operationSchema,
    token: z.string().nullable(),
  }),
  z.object({ type: z.literal('cancel'), call: z.number() }),
]);
export type ParentMessage = z.infer<typeof parentMessageSchema>;

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sync'), result: syncResultSchema.omit({ durationMs: true }) }),
  z.object({
    kind: z.literal('read-batch'),
    reading: z.object({
      transactions: z.array(transactionSchema).readonly(),
      ineligible: idsSchema,
      unknown: idsSchema,
      categories: z.array(categorySchema).readonly(),
    }),
  }),
  z.object({
    kind: z.literal('read-uncategorized'),
    uncategorized: z.object({
      transactions: z.array(transactionSchema.omit({ importedPayee: true, notes: true })).readonly(),
      count: z.number().int(),
    }),
  }),
  /** Its transactions came before it, in pages. */
  z.object({ kind: z.literal('read-history') }),
]);
export type Answer = z.infer<typeof answerSchema>;

export const childMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('history-page'),
    call: z.number(),
    transactions: z.array(categorisedTransactionSchema).readonly(),
  }),
  z.object({
    type: z.literal('answered'),
    call: z.number(),
    answer: answerSchema,
    budgetName: z.string().nullable(),
  }),
  z.object({ type: z.literal('failed'), call: z.number(), situation: situationSchema }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
