/** What this page knows about its line: the quality of the call in progress, told to the server as well. */
import { readonly, shallowRef } from 'vue'
import { QualityMeter, type Quality, type Report } from '@/phone/quality'

const latest = shallowRef<Quality | null>(null)
/** The last two seconds; null while nothing is measured. */
export const lineQuality = readonly(latest)

export function makeMeter(report: (report: Report) => void, muted: () => boolean): QualityMeter {
  return new QualityMeter({ measured: (quality) => (latest.value = quality), report, muted })
}
