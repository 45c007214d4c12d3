import { body, type ArticleHit, type Suggestion } from '@jieli/api'
import { useI18n } from '@jieli/words'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { plain } from './plain'

type Language = 'zh' | 'en'

/** The language of articles and replies that goes with the chosen one. */
export function useLanguage(): Ref<Language> {
  const { locale } = useI18n()
  return computed(() => (locale.value === 'en' ? 'en' : 'zh'))
}

/** Articles that answer a question, best first; for the language it was asked in. */
export function useArticles(words: Ref<string>, intents: Ref<readonly string[]>, limit = 8) {
  const q = computed(() => words.value.trim().slice(0, 200))
  const language = computed<Language>(() => (/\p{Script=Han}/u.test(q.value) ? 'zh' : 'en'))
  return useQuery<ArticleHit[]>({
    queryKey: computed(() => keys.articles(q.value, intents.value)),
    queryFn: () =>
      body(
        api.GET('/api/v1/articles/search', {
          params: { query: { q: q.value, intents: [...intents.value], locale: language.value, limit } },
        }),
      ),
    enabled: computed(() => q.value.length > 0),
    placeholderData: keepPreviousData,
  })
}

/** What the bot would answer, from articles and live facts; asked anew with each message of the customer. */
export function useSuggestion(conversation: Ref<string>, asked: Ref<string>) {
  return useQuery<Suggestion>({
    queryKey: computed(() => keys.suggestion(conversation.value, asked.value)),
    queryFn: () =>
      body(api.GET('/api/v1/conversations/{conversation}/suggestion', { params: { path: { conversation: conversation.value } } })),
    enabled: computed(() => asked.value !== ''),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** The whole text of an article in one language, as plain words. */
export async function articleText(id: string, language: string): Promise<string> {
  const article = await body(api.GET('/api/v1/articles/{article}', { params: { path: { article: id } } }))
  const texts = article.texts as Record<string, { body: string } | undefined>
  return plain((texts[language] ?? Object.values(texts)[0])?.body ?? '')
}

export function useArticleText() {
  return useMutation({ mutationFn: (hit: ArticleHit) => articleText(hit.article, hit.locale) })
}

export function useReplies(words: Ref<string>, intents: Ref<readonly string[]>) {
  const q = computed(() => words.value.trim().slice(0, 200))
  return useQuery({
    queryKey: computed(() => keys.replies(q.value, intents.value)),
    queryFn: () => body(api.GET('/api/v1/saved-replies', { params: { query: { q: q.value, intents: [...intents.value] } } })),
    placeholderData: keepPreviousData,
  })
}
