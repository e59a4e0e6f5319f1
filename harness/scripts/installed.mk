# SPDX-License-Identifier: MIT
#
# For an installed forklab: in the directory where your attempts are, the pages'
# make lab-31, make check-31 and so on work as they do in a checkout.

MAKEFLAGS += --no-builtin-rules --no-print-directory
FORKLAB ?= forklab
.PHONY: start help list labs doctor grade demo handin bug-report
start:
	@$(FORKLAB) start

help:
	@$(FORKLAB) --help

list doctor grade demo handin bug-report:
	@$(FORKLAB) $@

labs:
	@$(FORKLAB) run --all

lab-%:
	@$(FORKLAB) run '$*'

solution-%:
	@$(FORKLAB) run '$*' --solution

check-%:
	@$(FORKLAB) check '$*' $(if $(SEED),--seed '$(SEED)') \
	    $(if $(RUNS),--runs '$(RUNS)')

define verb
$(1)-%:
	@$$(FORKLAB) $(1) '$$*'
endef
$(foreach name,diff try reset restore explain hint watch stress list bug-report,$(eval $(call verb,$(name))))
