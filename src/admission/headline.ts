import { actionText, problemText } from './advice.ts'
import { containersPhrase, subjectText } from './container-phrase.ts'
import type { FindingGroup } from './finding-groups.ts'
import { shortImage } from './image-text.ts'
import type { Occasion } from './occasion.ts'

/**
 * What is wrong and what to do, on one line of plain text: `Job "resnet": container "trainer" uses …, which …; use …`. As the
 * first line of a denial it has to do alone, because Argo CD and chat cut the rest.
 */
export function headline([group, ...others]: readonly FindingGroup[], { kind, name }: Occasion): string {
  const object = name === '' ? kind : `${kind} "${name}"`
  if (group === undefined) return object
  const [finding] = group.findings
  const uses = group.containers.length > 1 ? 'use' : 'uses'
  const what =
    finding.image === ''
      ? subjectText(finding)
      : `${containersPhrase(group.containers, 1)} ${uses} ${shortImage(finding.image)}, which`
  return `${object}: ${what} ${problemText(finding)}; ${actionText(finding)}${andMore(group, others)}`
}

function andMore({ findings: [first], containers }: FindingGroup, others: readonly FindingGroup[]): string {
  const images = new Set(others.map(({ findings }) => findings[0].image))
  images.delete(first.image)
  // Of what is no image the headline names one place.
  const unnamed = first.image === '' ? containers.length - 1 : 0
  const [count, noun] = images.size > 0 ? [images.size, 'image'] : [others.length + unnamed, 'finding']
  return count === 0 ? '' : ` (and ${count} more ${noun}${count === 1 ? '' : 's'})`
}
