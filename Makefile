# SPDX-License-Identifier: MIT
#
# A thin face over build/forklab, which does the work and whose exit status says
# more than make's. Nothing here lists the labs: the directories are the list.
# Lines that start with ## are what `make help` prints.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := start
.SECONDEXPANSION:
N ?= 100
PREFIX ?= /usr/local
SECONDS ?= 60
# Where the reference is published, if it is.
SITE_BASE ?= $(shell sed '/^\#/d' labs/site.txt)
WORK ?= docker/work

include harness/build.mk

# `make check 31` is check-31 with a blank for the hyphen, not all tests. A number
# among the goals, or N=31 where only stress-N has an N, ends make before it
# builds or runs anything.
verb := $(firstword $(filter lab solution diff try reset restore check watch hint \
    explain list stress,$(MAKECMDGOALS:%-=%)))
number := $(firstword $(filter 0% 1% 2% 3% 4% 5% 6% 7% 8% 9%,$(MAKECMDGOALS)) \
    $(if $(filter stress-%,$(MAKECMDGOALS)),, \
    $(if $(verb),$(if $(filter command%,$(origin N)),$(N)))))
ifneq ($(number),)
$(error There is no target '$(number)'. \
    Did you mean:  make $(or $(verb),lab)-$(firstword $(subst -, ,$(number))) ?)
endif

## forklab: what goes wrong with fork(2), in small programs that you can run
## usage: make TARGET...            N is the number of a lab, 31 for example
##
##   setup        install what is missing       (doctor  what this machine can)
##   labs         run every lab and every solution, and print the table
##   list         chapters, and your progress   (list-N  one chapter)
.PHONY: start help setup labs
# make alone: where you are, and what comes next. Nothing is built for that.
start:
	@test -x build/forklab && exec build/forklab start; \
	sed -n 's/^#> \{0,1\}//p' Makefile
#> forklab: small programs in which fork(2) goes wrong. Watch one fail, read why,
#> change it until it is safe.
#>
#>     make setup lab-01    install what is missing, build, run the first one
#>
#> Each screen ends with the next command. All commands: make help

help:
	@sed -n 's/^## \{0,1\}//p' Makefile

setup:
	@sh harness/scripts/setup.sh run $(filter check check-docker lint tools \
	    matrix site wild,$(patsubst check-wild,wild,$(MAKECMDGOALS:check-site=site)))

labs: build
	@build/forklab run --all$(if $(JOBS), --jobs "$(JOBS)")$(libc)

# For teachers: NAME=name of a new lab, OUT=file for the labs as a PDF.
.PHONY: new-lab handout
new-lab handout: build/forklab
	@build/forklab $@ $(if $(NAME),'$(NAME)') $(if $(OUT),'$(OUT)')

# What forklab does without more, by its name: diff-31 is `forklab diff 31`.
.PHONY: doctor list demo handin bug-report
doctor list demo handin bug-report: build/forklab
	@build/forklab $@

define verb_of_a_lab
$(1)-%: build/forklab
	@build/forklab $(1) '$$*'
endef
$(foreach name,diff try reset restore explain hint list bug-report,$(eval $(call verb_of_a_lab,$(name))))

##
##   lab-N        run lab N: what happened, and the proof of it
##   explain-N    why, in a few lines
##   try-N        copy lab N to attempts/       (reset-N  start again)
##   check-N      is it safe? says why if not   (watch-N  at each save)
##   hint-N       one of three hints            (restore-N  labs/ as it was)
##   solution-N   run the cure                  (diff-N  what it changes)
##   handin       attempts/ as one file         (demo  five labs, for a talk)
##   grade        check all attempts            (class  of many: SUBS=directory)
##   stress-N     run lab and solution N=100 times each; stops at a surprise
lab-%: build/forklab $$(call named,labs,$$*)
	@build/forklab run '$*'$(libc)

solution-%: build/forklab $$(call named,solutions,$$*)
	@build/forklab run '$*' --solution$(libc)

stress-%: build/forklab $$(call named,labs,$$*) $$(call named,solutions,$$*)
	@build/forklab stress '$*' --runs '$(N)'$(libc)

# forklab compiles an attempt by itself. What make builds for it is the shared
# object that a lab may come with. SEED=3: only that run. RUNS=100 instead of 20.
watch-%: build/forklab $$(call object,build,$$*)
	@build/forklab watch '$*'

# At a terminal the page says it all: make, if it has nothing else to do, is ended
# there by SIGPIPE, the one signal of which neither make nor a shell speaks. Its
# line "*** [check-31] Error 1" is for scripts, and so is the status 2.
quietly = $(if $(word 2,$(MAKECMDGOALS))$(filter-out 0,$(MAKELEVEL)),, || { \
    status=$$?; ! test -t 1 || ! test -t 2 || kill -s PIPE $$PPID; exit $$status; })
check-%: build/forklab $(directory)/ready $$(call object,$(directory),$$*)
	@build/forklab check '$*'$(libc)$(if $(SEED), --seed '$(SEED)') \
	    $(if $(RUNS),--runs '$(RUNS)')$(quietly)

# SUBS has a directory for each student, JOBS=n at a time, OUT=directory; how to
# use a cluster for it: harness/scripts/cluster/
.PHONY: grade class
class grade: export JOBS := $(JOBS)
class grade: export RUNS := $(RUNS)
class grade: build/forklab $(patsubst %.c,build/%,$(objects))
grade:
	@build/forklab grade $(if $(SUBMISSION),--submission '$(SUBMISSION)') \
	    $(if $(OUT),--out '$(OUT)') $(if $(RUNS),--runs '$(RUNS)')

class:
	@harness/scripts/class.sh '$(SUBS)' $(if $(OUT),'$(OUT)')

##
##   build        compile what has changed      (clean  remove build/)
##   check        the tests of every day, after make setup check
##   lint         warnings, format, pairs       (install  to PREFIX=/usr/local)
# check-long: the tests that check leaves out, as they take minutes
# check-wild: autopsy on real software; what is not installed is skipped
# bug-report: what to send with a bug; bug-report-31: with a run of that lab
# mutate: takes a rule out of the runner, one after the other; a test must see it
# maze: N=100 random programs, natively and in the cage; no proof may be false
# check-docker: the image, in containers   check-deep: under ASan, then valgrind
# bench: times, beside the floor, timeout, strace, gdb; ONLY=row; build/bench.svg
# check-bench: a part of that against harness/bench/bounds.tsv, in a minute
# tools: what compilers, sanitizers, valgrind and strace say of each lab; ON=31
# tool-31: one of them in full, TOOL=helgrind
# valgrind: what differs where a lab runs under it; ON=31
# wild-31: how often it bites without a stage, FORKS=1000 (31 33 34 36 42)
# matrix: each lab on other releases of Debian, as root; ON=trixie; with another
#   kernel or processor, in QEMU: ON="linux-6.1 linux-6.12 arm64"
# fuzz: parsers and printers under libFuzzer, SECONDS=60 each
# wall: of a workshop, a line for each directory in WORK
# site: the reference as HTML, build/site/index.html, after make setup site;
#   labs/site.txt says where it will be   (check-site: its tests)
# book: the same on paper, build/book.pdf, by weasyprint or chromium; OUT=file
# man: the manual; man -M build/man forklab
.PHONY: build check check-long check-wild check-programs unit-tests lint maze mutate \
    check-docker check-deep bench check-bench fuzz wall tools valgrind matrix install \
    uninstall man site book check-site clean
build: build/forklab $(labs)

# The tests take the labs as they are now for those that forklab was built with.
check-programs: build build/messages unit-tests $(test_programs) build/tests/maze/maze
	@cp labs/*.[ch] build/original/labs/

unit-tests: $(unit_tests)

check: check-programs
	@bash harness/tests/check.bash

check-long: check-programs
	@bash harness/tests/check.bash --long

check-wild: check-programs
	@bash harness/tests/check.bash wild.bats

lint:
	@bash harness/scripts/lint.sh

maze: check-programs
	@bash harness/tests/maze.bash '$(N)'

mutate: check-programs
	@bash harness/tests/mutate.bash

check-docker: build/forklab
	@bash harness/tests/check.bash docker.bats

check-deep: build
	@bash harness/scripts/deep.sh

bench: build build/bench
	@build/bench $(if $(ONLY),'$(ONLY)')

check-bench: build build/bench
	@build/bench --check harness/bench/bounds.tsv $(if $(ONLY),'$(ONLY)')

fuzz:
	@bash harness/fuzz/fuzz.sh $(SECONDS)

tools: build
	@JOBS='$(or $(JOBS),2)' ON='$(ON)' TOOL='$(TOOL)' bash harness/tools/tools.sh

valgrind: build
	@ON='$(ON)' bash harness/tools/valgrind.sh

tool-%: build
	@bash harness/tools/tools.sh show '$*' '$(TOOL)'

wild-%: build
	@bash harness/unstaged/wild.sh run '$*' $(FORKS)

matrix:
	@JOBS='$(or $(JOBS),2)' ON='$(ON)' LAB='$(LAB)' bash harness/matrix/matrix.sh

wall:
	@bash docker/wall.sh '$(WORK)'

install: build
uninstall install:
	@sh harness/scripts/install.sh $@ '$(DESTDIR)$(PREFIX)'

man: build/forklab
	@mkdir -p build/man/man1 build/man/man7
	@build/forklab manual 1 >build/man/man1/forklab.1
	@build/forklab manual 7 >build/man/man7/forklab-labs.7
	@echo 'man -M build/man forklab; man -M build/man forklab-labs'

# What is missing is said before anything is built.
site: build/site-ready build/site-generator build $(watched)
	@bash harness/scripts/site.sh '$(SITE_BASE)'

book: site
	@bash harness/scripts/book.sh $(if $(OUT),'$(OUT)')

# Without npm or a network the tests that need its modules are skipped.
build/site-check/node_modules: harness/tests/site/package.json
	@mkdir -p build/site-check
	@cp $< build/site-check/
	@! command -v npm >/dev/null || npm install --silent --no-audit --no-fund \
	    --prefix build/site-check >/dev/null || echo '  npm could not install $@'
	@! test -d $@ || touch $@

check-site: site check-programs build/site-check/node_modules
	@bash harness/tests/check.bash site.bats

clean:
	@rm -rf build

##
## LIBC=musl with labs, lab-N, solution-N, check-N, stress-N: built with musl
## PREDICT=1 lab-N asks first; HOLD=1 keeps a hang.  More: build/forklab --help

# Anything else: what may have been meant, where forklab is there to say it.
.DEFAULT:
	@asked='$(subst ','\'',$@)'; \
	! test -x build/forklab || exec build/forklab meant "$$asked"; \
	printf "error: there is no target '%s'.\n  make help   shows them all\n" \
	    "$$asked" >&2; exit 2

# What is installed in the same go must be there before it is used.
ifneq ($(filter setup,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
