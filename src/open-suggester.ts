import type { Registry } from 'prom-client';
import { systemClock as now } from './application/clock.js';
import { TokenAccount } from './application/token-account.js';
import type { Config } from './config.js';
import type { EventStore } from './eventstore/event-store.js';
import { HistorySuggester } from './suggestions/history-suggester.js';
import { HouseholdSuggester } from './suggestions/household-suggester.js';
import { countModelCost } from './suggestions/model/model-metrics.js';
import { ModelSuggester } from './suggestions/model/model-suggester.js';
import type { Suggester } from './suggestions/suggester.js';

/** The suggester that is configured: history alone, or a model for what history leaves open. */
export async function openSuggester(
  { model }: Pick<Config, 'model'>,
  { store, metrics }: { readonly store: EventStore; readonly metrics: Registry },
): Promise<Suggester> {
  if (!model) return new HistorySuggester();
  // Loaded where it is used: it takes a tenth of the time that a start takes.
  const { OpenAiModel } = await import('./suggestions/model/openai-model.js');
  const { maxTokensPerJob: perJob, maxTokensPerDay: perDay, sendsNotes, sendsAccountNames } = model;
  return new HouseholdSuggester(
    new ModelSuggester({
      model: new OpenAiModel({ ...model, model: model.name, now }),
      budget: new TokenAccount({ store, caps: { perJob, perDay }, now }),
      sharing: { notes: sendsNotes, accountNames: sendsAccountNames },
      onCost: countModelCost(metrics, model.prices),
    }),
  );
}
