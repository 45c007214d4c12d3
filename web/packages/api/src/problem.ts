/** What the server refuses with (RFC 9457), and what stands in for it when no server answered. */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail = '',
    /** Members beyond the standard ones, such as `version` of a conflict or `words` of a refused text */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title)
  }

  static async from(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null)
    if (!body || typeof body !== 'object') return new Problem(response.status, `http_${response.status}`, response.statusText)
    const { code, title, detail, ...more } = body as Record<string, unknown>
    return new Problem(
      response.status,
      typeof code === 'string' ? code : `http_${response.status}`,
      typeof title === 'string' ? title : response.statusText,
      typeof detail === 'string' ? detail : '',
      more,
    )
  }

  static offline(): Problem {
    return new Problem(0, 'offline', 'The server cannot be reached')
  }

  /** Trying the same again can help: no answer, too busy, or broken behind. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}
