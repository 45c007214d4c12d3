import { createApi } from '@jieli/api'

export const api = createApi()
