import { expect, it } from 'vitest'
import { plain } from './plain'

it.each([
  ['## 退货\n\n\n\n7 天内可退', '退货\n\n7 天内可退'],
  ['**先**拍照，再 `申请`', '先拍照，再 申请'],
  ['- 一\n* 二\n1. 三', '· 一\n· 二\n1. 三'],
  ['见[说明](https://a.cn/b)', '见说明 https://a.cn/b'],
  ['> 引用\r\n3*4*5', '引用\n3*4*5'],
])('%j becomes %j', (markdown, text) => {
  expect(plain(markdown)).toBe(text)
})
