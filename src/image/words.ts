/**
 * The words that tags are read by (lower case). Data only: what each list means for a tag is said in the files
 * that use it. A word is a whole component of a tag, what stands between `-`, `_` and `.`.
 */

/** Builds that are replaced by the next one, even beside a full version: `1.2.3-SNAPSHOT`. */
export const REPLACED_BUILDS = words('snapshot nightly canary unstable head')

/** Builds of a branch or an edge; beside a full version they only say where that came from: `1.2.3-edge`. */
export const BRANCH_BUILDS = words(
  'edge main master develop trunk experimental bleeding tip rawhide daily weekly',
)

/** Of the two lists above, those that are read as the name of a branch. */
export const BRANCHES = words('head main master develop trunk tip')

/** Channels: a release line that is known by a name. */
export const CHANNELS = words('stable oldstable oldoldstable rolling current lts mainline innovation')

/** Environments: whatever runs there at the moment, or next. */
export const ENVIRONMENTS = words('dev devel test testing staging prod production local next')

/** Phases of a release: the newest in that phase. */
export const PHASES = words('release preview rc beta alpha')

/** What an image is built on, and variants that say as little about a version; a release number may follow. */
export const BASES = words(`
  alpine slim nonroot rootless debug dind distroless chiseled wolfi glibc musl uclibc
  debian buster bullseye bookworm trixie forky sid jessie stretch wheezy
  ubuntu trusty xenial bionic focal jammy lunar mantic noble oracular plucky questing
  centos fedora rhel ubi ubi8 ubi9 ubi10 rocky rockylinux almalinux oraclelinux amazonlinux
  opensuse suse sles bci tumbleweed archlinux mariner azurelinux
  windowsservercore nanoserver`)

/** Bases only where a release number is glued on: `al2023`, `ol9`, `ltsc2022`. */
export const NUMBERED_BASES = words('al amzn deb el fc ltsc ol')

/**
 * Runtimes, flavours and platforms, with or without a release number. Each may also be a part of somebody's own
 * name, so they count only where a tag holds nothing else.
 */
export const RUNTIMES = words(`
  python py pypy php jdk jre java openjdk eclipse temurin corretto amazoncorretto zulu graalvm semeru sapmachine
  node nodejs go golang rust dotnet aspnet net ruby jruby perl lua erlang elixir otp haskell ghc scala clojure kotlin
  maven gradle swift dart deno bun julia gcc clang llvm
  cuda cudnn cu rocm tensorrt gpu cpu hadoop spark k8s
  pg postgres postgresql postgis mysql mariadb mongo mongod mongodb redis valkey
  apache httpd nginx tomcat jetty openresty fpm cli zts management threaded builder onbuild git
  community enterprise full minimal micro tiny static scratch busybox photon leap
  linux windows amd64 arm64 arm64v8 arm32v5 arm32v6 arm32v7 arm armhf armv6 armv7 aarch64 x86 x64 i386 i686 386
  s390x ppc64le riscv64 mips64le
  fermium gallium hydrogen iron jod krypton`)

/** Pre-releases that are numbered: `1.2-rc1`, `28-ea-11`. */
export const NUMBERED_PRERELEASES = words('rc alpha beta ea cr pre preview dev milestone')

/** Words after which a number at the end is a build number: `run-42`. */
export const COUNTERS = words('build ci run job rev')

/** Tags that somebody was to fill in. */
export const PLACEHOLDERS = words(`
  tag version placeholder changeme change replace replaceme todo tbd fixme sha commit`)

/** Words that a placeholder in capitals also holds: `IMAGE_TAG`, `YOUR_VERSION_HERE`. */
export const PLACEHOLDER_PARTICLES = words(
  'image your my the me this here git app docker build release new it',
)

/** What a placeholder for a name, or for a part of it, is called: `YOUR_IMAGE`, `REGISTRY`. */
export const NAME_PLACEHOLDERS = words('image your my name repo repository registry url uri')

/** Of all those words, those that no image is named by, so that capitals are not needed to tell: `your-image`. */
export const LOWER_CASE_PLACEHOLDERS = words('your placeholder changeme replaceme todo tbd fixme')

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

/** Whether a list holds a word (lower case), with or without a release number glued to it. */
export function holds(list: ReadonlySet<string>, lower: string): boolean {
  return list.has(lower) || list.has(lower.replace(/\d[\d.]*$/, ''))
}
