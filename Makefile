# SPDX-License-Identifier: MIT
#
# A thin face over build/forklab, which does the work and whose exit status says
# more than make's. Nothing here lists the labs: the folders are the list.
# Lines that start with ## are what `make help` prints.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

# What forklab tells the compiler for an attempt, make tells it for the rest.
flags = $(shell awk '/define $(1)/, !/\\$$/ { gsub(/.*$(1)|[",\\]/, ""); print }' \
    harness/course/flags.h)
language := $(call flags,FLAGS_LANGUAGE)
WARNINGS := $(call flags,FLAGS_WARNINGS)
CFLAGS ?= $(call flags,FLAGS_CODE)
WERROR ?= $(CI)
cc = $(CC)
compile = $(cc) $(language) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) \
          $(if $(WERROR),-Werror) -MMD -MP -MF $@.d
say = $(if $(V),,@printf '  %s\n' '$@';)

PKG_CONFIG ?= pkg-config
package = $(shell $(PKG_CONFIG) $(1) libelf libcjson 2>/dev/null)
package_cflags := $(call package,--cflags)
libraries := $(or $(call package,--libs),-lelf -lcjson) -lm -ldl -lutil

# LIBC=musl: the labs, not the runner, are built with musl, below build/musl.
folder := $(if $(filter musl,$(LIBC)),build/musl,build)
libc = $(if $(LIBC), --libc '$(LIBC)')

runner := $(patsubst %.c,build/%.o,$(filter-out harness/bench/% harness/fuzz/%, \
    $(wildcard harness/*.c harness/*/*.c)))
objects := $(wildcard labs/[0-9]*.so.c)
sources := $(filter-out $(objects),$(wildcard labs/[0-9]*.c solutions/[0-9]*.c))
tried := $(wildcard attempts/[0-9]*.c)
labs := $(patsubst %.c,$(folder)/%,$(sources))
attempts := $(patsubst %.c,$(folder)/%,$(tried))
unit_tests := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/unit/*_test.c))
test_programs := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/programs/*.c))

# `make check 31` is check-31 with a blank for the hyphen, not all tests. A number
# among the goals, or N=31 where only stress-N has an N, ends make before it
# builds or runs anything.
with_number := lab solution diff try reset check watch hint explain stress
verb := $(firstword $(filter $(with_number),$(MAKECMDGOALS:%-=%)))
digits := 0% 1% 2% 3% 4% 5% 6% 7% 8% 9%
number := $(firstword $(filter $(digits),$(MAKECMDGOALS)) \
    $(if $(filter stress-%,$(MAKECMDGOALS)),, \
    $(if $(verb),$(if $(filter command%,$(origin N)),$(N)))))
ifneq ($(number),)
$(error There is no target '$(number)'. \
    Did you mean:  make $(or $(verb),lab)-$(firstword $(subst -, ,$(number))) ?)
endif

## forklab: what goes wrong with fork(2), in small programs that you can run
## usage: make TARGET...            N is the number of a lab, 31 for example
##
.PHONY: help
help:
	@sed -n 's/^## \{0,1\}//p' Makefile

##   setup        install what is missing       (doctor  what this machine can)
.PHONY: setup
setup:
	@sh harness/scripts/setup.sh run $(filter check check-docker lint,$(MAKECMDGOALS))

##   labs         run every lab and every solution, and print the table
.PHONY: labs
labs: build
	@build/forklab run --all$(libc)

.PHONY: doctor
doctor: build/forklab
	@build/forklab doctor

##   list         the labs, by chapter, and which of them you have cured
.PHONY: list
list: build/forklab
	@build/forklab list

##
##   lab-N        run lab N: what happened, and the proof of it
# lab-3 and lab-03 both mean labs/03-*.c; the runner tells who asks for another
# that there is none. A program that a lab executes is called NN-name.exec.c, a
# shared object that its programs are linked with NN-name.so.c.
.SECONDEXPANSION:
named = $(patsubst %.c,$(folder)/%,$(wildcard $(1)/$(2)-*.c $(1)/0$(2)-*.c))
lab-%: build/forklab $$(call named,labs,$$*)
	@build/forklab run '$*'$(libc)

##   solution-N   run the same program with the cure
solution-%: build/forklab $$(call named,solutions,$$*)
	@build/forklab run '$*' --solution$(libc)

##   diff-N       what the cure changes
diff-%: build/forklab
	@build/forklab diff '$*'

##   try-N        copy lab N to attempts/       (reset-N  start again)
try-%: build/forklab
	@build/forklab try '$*'

reset-%: build/forklab
	@build/forklab reset '$*'

##   explain-N    why, in a few lines
explain-%: build/forklab
	@build/forklab explain '$*'

##   hint-N       one of three hints to cure it yourself
hint-%: build/forklab
	@build/forklab hint '$*'

##   check-N      is it safe? says why if not   (watch-N  at each save)
# SEED=3: only that run. RUNS=100: so many instead of 20. It compiles by itself.
# What make builds for it is the shared object that a lab may come with.
watch-%: build/forklab $$(call object,build,$$*)
	@build/forklab watch '$*'

check-%: build/forklab $(if $(filter musl,$(LIBC)),build/musl/ready) \
    $$(call object,$(folder),$$*)
	@build/forklab check '$*'$(libc)$(if $(SEED), --seed '$(SEED)') \
	    $(if $(RUNS),--runs '$(RUNS)')

##   grade        check all attempts            (class  of many: SUBS=folder)
.PHONY: grade
grade: build/forklab $(patsubst %.c,build/%,$(objects))
	@build/forklab grade $(if $(SUBMISSION),--submission '$(SUBMISSION)') \
	    $(if $(OUT),--out '$(OUT)') $(if $(RUNS),--runs '$(RUNS)')

# class: SUBS has a folder for each student, JOBS=n at a time, OUT=folder; how to
# use a cluster for it: harness/scripts/cluster/
.PHONY: class
class: build/forklab $(patsubst %.c,build/%,$(objects))
	@harness/scripts/class.sh '$(SUBS)' $(if $(OUT),'$(OUT)')
class grade: export JOBS := $(JOBS)
class grade: export RUNS := $(RUNS)

##   stress-N     run lab and solution N=100 times each; stops at a surprise
N ?= 100
stress-%: build/forklab $$(call named,labs,$$*) $$(call named,solutions,$$*)
	@build/forklab stress '$*' --runs '$(N)'$(libc)

##
##   build        compile what has changed      (clean  remove build/)
.PHONY: build
build: build/forklab $(labs)

##   check        run all tests             (what they need: make setup check)
.PHONY: check
check: check-programs
	@bash harness/tests/check.bash

##   lint         warnings, format, pairs   (install  to PREFIX=/usr/local)
.PHONY: lint
lint:
	@bash harness/scripts/lint.sh

.PHONY: check-programs unit-tests
check-programs: build unit-tests $(test_programs)
unit-tests: $(unit_tests)

# mutate: takes a rule out of the runner, one after the other; a test must see it
.PHONY: mutate
mutate: check-programs
	@bash harness/tests/mutate.bash

# check-docker: the image, in containers; without an engine it skips them
.PHONY: check-docker
check-docker:
	@bash harness/tests/check.bash docker.bats

# install: below DESTDIR, then PREFIX. forklab finds the rest from where it is
# itself, so the whole may be moved; a user's attempts are in ~/.local/share/forklab
PREFIX ?= /usr/local
to = $(DESTDIR)$(PREFIX)
data = $(to)/share/forklab
completions = $(to)/share/bash-completion/completions
.PHONY: install uninstall
install: build
	@install -d '$(to)/bin' '$(to)/lib/forklab/labs' '$(to)/lib/forklab/solutions' \
	    '$(data)/labs' '$(data)/solutions' '$(to)/share/man/man1' \
	    '$(to)/share/man/man7' '$(completions)'
	@install -m 755 build/forklab '$(to)/bin/forklab'
	@for program in $(patsubst %.c,%,$(sources) $(objects)); do \
	    test ! -e "build/$$program" || \
	        install -m 755 "build/$$program" '$(to)/lib/forklab/'"$$program" || \
	        exit; \
	done
	@install -m 644 labs/* '$(data)/labs'
	@install -m 644 solutions/* '$(data)/solutions'
	@install -m 644 harness/scripts/installed.mk '$(data)/Makefile'
	@ln -sfn ../../lib/forklab '$(data)/programs'
	@build/forklab manual 1 >'$(to)/share/man/man1/forklab.1'
	@build/forklab manual 7 >'$(to)/share/man/man7/forklab-labs.7'
	@build/forklab completion >'$(completions)/forklab'

uninstall:
	@rm -rf '$(to)/bin/forklab' '$(to)/lib/forklab' '$(data)' \
	    '$(to)/share/man/man1/forklab.1' '$(to)/share/man/man7/forklab-labs.7' \
	    '$(completions)/forklab'

# wall: of a workshop, a line for each folder in WORK
WORK ?= docker/work
.PHONY: wall
wall:
	@bash docker/wall.sh '$(WORK)'

# bench: times, beside timeout, eu-stack and gdb; build/bench.svg
.PHONY: bench
bench: build build/bench
	@build/bench

# fuzz: parsers and printers under libFuzzer, SECONDS=60 each
SECONDS ?= 60
.PHONY: fuzz
fuzz:
	@bash harness/fuzz/fuzz.sh $(SECONDS)

# check-deep: all tests again under ASan and UBSan, then under valgrind
.PHONY: check-deep
check-deep: build
	@bash harness/scripts/deep.sh

# man: the manual; man -M build/man forklab
.PHONY: man
man: build/forklab
	@mkdir -p build/man/man1 build/man/man7
	@build/forklab manual 1 >build/man/man1/forklab.1
	@build/forklab manual 7 >build/man/man7/forklab-labs.7
	@echo 'man -M build/man forklab; man -M build/man forklab-labs'

.PHONY: clean
clean:
	@rm -rf build

##
## LIBC=musl with labs, lab-N, solution-N, check-N, stress-N: built with musl
## Start with: make setup labs; then: make lab-31. More: build/forklab --help

# One message where the compiler or a library is missing, instead of many.
build/ready: harness/scripts/setup.sh
	@sh harness/scripts/setup.sh --probe
	@mkdir -p build/harness build/labs build/solutions build/attempts \
	    build/tests/unit build/tests/programs
	@touch $@

build/forklab: $(runner)
	$(say) $(CC) $(CFLAGS) -pthread $(LDFLAGS) -o $@ $^ $(libraries) $(LDLIBS)

$(runner): build/%.o: %.c | build/ready
	@mkdir -p $(@D)
	$(say) $(compile) $(package_cflags) -iquote harness -c -o $@ $<

build/bench: harness/bench/bench.c build/harness/base/svg.o \
    build/harness/base/escape.o | build/ready
	$(say) $(compile) $(package_cflags) -iquote harness $(LDFLAGS) -o $@ $^ \
	    $(libraries)

# The shared object of a lab, for its programs and those made from them, which
# start with the same number. It is found beside them, or in labs/ next to them,
# and loaded at the start only by a program that calls it (not: by dlopen).
object = $(patsubst %.c,$(1)/%,$(wildcard labs/$(firstword \
    $(subst -, ,$(notdir $(2))))-*.so.c))
origin = -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../labs:$$ORIGIN/../../labs'
linked = $(foreach so,$(filter %.so,$^), \
    -Wl,--as-needed -L$(dir $(so)) -l:$(notdir $(so)) $(origin))
shared = -shared -fPIC -Wl,-soname,$(notdir $@)

# forklab knows what a word in a Needs: line asks of the compiler. A lab that
# cannot be built here is left out; the runner says why it skips it.
declared = $(shell sed -n '/\*\//q; s/^ \* Needs: *//p' $< | tr ',' ' ')
left_out = echo "  $@ is left out: $$needs is missing (make setup)"
ask = @needs=$$(CC='$(CC)' build/forklab needs$(musl) $(declared)) || { \
    test $$? -eq 3 || exit 1; rm -f $@; $(left_out); exit 0; }; \
    $(if $(V),set -x,echo '  $@');
program = $(if $(declared),$(ask),$(say)) \
    $(compile) -Ilabs $(LDFLAGS) -o $@ $< $(if $(declared),$$needs) $(linked)

$(patsubst %.c,build/%,$(sources) $(tried)): build/%: %.c \
    $$(call object,build,$$@) | build/forklab
	$(program)

$(patsubst %.c,build/%,$(objects)): build/%: %.c | build/ready
	$(say) $(compile) -Ilabs $(LDFLAGS) $(shared) -o $@ $<

# With musl a lab has only libc. A machine whose own compiler is for musl needs no
# musl-gcc, which knows no headers of Linux: those of the machine come last.
MUSL_CC ?= $(if $(filter %musl,$(shell $(CC) -dumpmachine)),$(CC),musl-gcc)
linux_headers = -idirafter /usr/include \
    -idirafter /usr/include/$(shell $(CC) -print-multiarch)
build/musl/%: cc = $(MUSL_CC) $(if $(filter musl-gcc,$(MUSL_CC)),$(linux_headers))
build/musl/%: musl = $() --libc musl
build/musl/%: left_out = :

$(patsubst %.c,build/musl/%,$(sources) $(tried)): build/musl/%: %.c \
    $$(call object,build/musl,$$@) | build/musl/ready
	$(program)

$(patsubst %.c,build/musl/%,$(objects)): build/musl/%: %.c | build/musl/ready
	$(say) $(compile) -Ilabs $(LDFLAGS) $(shared) -o $@ $<

build/musl/ready: build/forklab
	@MUSL_CC='$(MUSL_CC)' sh harness/scripts/setup.sh --probe musl
	@mkdir -p build/musl/labs build/musl/solutions build/musl/attempts \
	    build/musl/tests/mutants
	@touch $@

# The tests write damaged solutions there.
build/tests/mutants/%: build/tests/mutants/%.c $$(call object,build,$$@) \
    | build/forklab
	$(program)

build/musl/tests/mutants/%: build/tests/mutants/%.c \
    $$(call object,build/musl,$$@) | build/musl/ready
	$(program)

$(unit_tests): build/%: harness/%.c $(filter-out build/harness/main.o,$(runner))
	$(say) $(compile) $(package_cflags) -iquote harness $(LDFLAGS) -o $@ \
	    $(filter %.c %.o,$^) $(libraries) $(LDLIBS)

$(test_programs): build/%: harness/%.c | build/ready
	$(say) $(compile) -Ilabs -iquote harness -o $@ $<

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

-include $(wildcard build/*/*.d build/*/*/*.d)
