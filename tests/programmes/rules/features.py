"""Which property-based tests prove which key of the language: every key of the schema stands here, by hand.

``test_features.py`` walks the schema and fails on a key that is missing here; and for every line it makes the engine
blind to the key (it sees the default instead) and demands that the test notices. A key that holds other pieces is
proven by theirs. What is in ``WORDS_ONLY`` is shown to people and never judged by, which is itself a property
(``test_words_are_kept_as_written_compared_and_never_judged_by``).
"""

WORDS_ONLY = frozenset(
    """
    Definition.code Definition.title Definition.title_en Definition.short_title Definition.issuer Definition.theme
    Definition.goal Definition.notes
    Approval.body Approval.doc_no Approval.approved_on
    Basis.title Basis.doc_no Basis.issuer Basis.issued_on Basis.note
    Intent.title Intent.items Provenance.source Provenance.note
    Body.title Body.title_en Body.played_by Body.duties ApplicantGroup.title ApplicantGroup.title_en
    Category.title Category.title_en Category.description Tier.title Tier.title_en Tier.full_title
    Stage.title Stage.title_en Stage.summary Round.title
    StandardSource.note Part.title Part.title_en
    Dimension.title Dimension.title_en Dimension.clause Dimension.note
    Scored.title Scored.title_en Scored.criteria Scored.evidence Scored.note
    Graded.title Graded.title_en Graded.criteria Graded.evidence Graded.note
    Measured.title Measured.title_en Measured.criteria Measured.evidence Measured.note Measured.unit
    Deduction.title Deduction.title_en Deduction.criteria Deduction.evidence Deduction.note
    Bonus.title Bonus.title_en Bonus.criteria Bonus.evidence Bonus.note
    YesNo.title YesNo.title_en YesNo.criteria YesNo.evidence YesNo.note
    Vote.title Vote.title_en Vote.criteria Vote.evidence Vote.note
    Level.title Level.title_en Fault.title Fault.title_en Choice.title Choice.title_en
    Gate.title Gate.title_en Gate.message Gate.clause Band.title Band.title_en
    Procedure.title Procedure.title_en Step.title_en
    Sanction.title Sanction.title_en Sanction.note RevocationCause.title RevocationCause.title_en
    Trigger.title Trigger.title_en
    Example.title
    """.split()  # noqa: SIM905
)

PROVEN_BY: dict[str, str] = {
    # --- standards and indicators
    "test_indicators.test_points_given_freely_keep_to_the_step_and_the_most": """
        Scored.points Scored.step Bonus.points Bonus.step Scored.code Bonus.code""",
    "test_indicators.test_a_level_is_worth_its_points_and_nothing_between": "Level.code Level.points Graded.code",
    "test_indicators.test_a_measured_value_takes_the_highest_rung_it_reaches": """
        Rung.at_least Rung.points Measured.otherwise Measured.code""",
    "test_indicators.test_mistakes_are_taken_off_each_up_to_its_most_and_never_below_nothing": """
        Fault.code Fault.each Fault.most Deduction.points Deduction.code""",
    "test_indicators.test_a_yes_is_all_the_points": "YesNo.points YesNo.code",
    "test_indicators.test_a_ballot_is_the_mean_worth_of_its_votes": """
        Choice.code Choice.share Vote.least_votes Vote.points Vote.code""",
    "test_indicators.test_only_what_may_be_left_out_is_left_out_and_the_rest_stands_for_all": """
        Scored.may_not_apply Graded.may_not_apply Measured.may_not_apply Deduction.may_not_apply Bonus.may_not_apply
        YesNo.may_not_apply Vote.may_not_apply Graded.points Measured.points""",
    "test_indicators.test_points_have_to_add_up_at_every_floor": """
        StandardSource.total Part.points Dimension.points Part.code Dimension.code StandardSource.category""",
    "test_indicators.test_a_group_is_measured_by_the_version_that_names_it_else_by_the_general_one": """
        Version.groups ApplicantGroup.code""",
    # --- gates and facts
    "test_gate_rules.test_none_of_fails_above_the_number_let_pass": """
        NoneOf.most FactFilter.kinds FactFilter.about FactFilter.tags Window.kind Window.months Window.years
        Exceptions.rectified Exceptions.tags""",
    "test_gate_rules.test_the_best_one_decides": """
        Standing.level_at_least Standing.grade_at_least Standing.result_at_least Standing.stars_at_least""",
    "test_gate_rules.test_at_least_is_met_from_the_number_on_by_what_is_still_valid": "AtLeast.count",
    "test_gate_rules.test_staff_and_members_among_them": """
        Facility.staff_at_least Facility.member_share_at_least Facility.or_leader_is_member""",
    "test_gate_rules.test_what_follows_from_a_gate": "Gate.effect Gate.unproven Cap.points Cap.grade",
    "test_gate_rules.test_a_gate_concerns_the_categories_and_groups_it_names_or_all": "Gate.groups Gate.categories",
    "test_gate_rules.test_a_gate_on_scores_looks_at_one_source_or_one_part": """
        ScoreAtLeast.source ScoreAtLeast.part ScoreAtLeast.share""",
    "test_gate_rules.test_the_first_trigger_a_fact_meets_opens_a_reassessment": "Trigger.code",
    "test_gate_rules.test_eligibility_is_every_condition_that_is_written": """
        Eligibility.organisation_kinds Eligibility.service_point_kinds Eligibility.member_status Eligibility.in_post
        Eligibility.groups Vocabulary.party_kinds Vocabulary.service_point_kinds Vocabulary.member_statuses""",
    "test_gate_rules.test_staff_is_asked_of_service_points_only": "Category.nominee",
    # --- scoring and results
    "test_sources.test_sources_are_joined_by_weight_once_all_that_count_are_there": """
        Weights.self Weights.superior Weights.panel Weights.survey Rounding.places Rounding.mode""",
    "test_scoring_rules.test_sheets_are_joined_whole_or_item_by_item": """
        Aggregation.kind Aggregation.of Aggregation.drop Aggregation.min_panel""",
    "test_invented.test_a_vote_over_sheets_gives_the_share_in_favour": "Aggregation.in_favour_from",
    "test_scoring_rules.test_every_floor_missed_is_counted": """
        Floors.total Floors.each_part Floors.each_dimension Floors.parts Floors.self_total Floors.exceed""",
    "test_scoring_rules.test_the_grade_is_the_highest_band_reached_with_its_own_floors": "Band.code Band.at_least",
    "test_scoring_rules.test_to_pass_is_to_miss_no_floor_whatever_the_rank": "Scoring.bonus_cap",
    "test_scoring_rules.test_no_more_bear_a_grade_than_its_share_and_its_number_allow": "Band.share_cap Band.most",
    "test_scoring_rules.test_a_vote_carries_with_a_quorum_and_the_majority_asked_for": """
        VoteRule.quorum VoteRule.majority VoteRule.over VoteRule.of""",
    "test_scoring_rules.test_ties_are_broken_by_the_rules_in_the_order_written": """
        TieBreak.by TieBreak.part TieBreak.dimension QuotaResult.reserve""",
    "test_scoring_rules.test_candidates_are_places_times_the_margin_rounded_up": "QuotaResult.margin",
    "test_scoring_rules.test_as_many_sheets_are_asked_for_as_there_are_experts_at_most": """
        Panel.experts_per_case Panel.least_sheets""",
    "tests.review.rules.test_panel_keys.test_an_expert_is_kept_away_for_every_reason_the_definition_names": """
        Recusal.same_unit Recusal.same_party_line Recusal.declared Recusal.named_in_file Recusal.former_employer_years
        Recusal.rotation_rounds Recusal.rotation""",
    "tests.review.rules.test_panel_keys.test_a_second_panels_sheets_replace_the_first_ones_or_join_them": """
        Panel.second_panel""",
    "tests.review.rules.test_panel_keys.test_a_blind_panel_hides_the_unit": "Panel.blind",
    "tests.review.rules.test_panel_keys.test_a_survey_is_the_mean_share_of_its_answers": """
        Survey.shares Survey.least_answers""",
    "test_life.test_unused_places_go_to_categories_that_can_fill_them": "QuotaResult.unused Category.code",
    "test_life.test_unused_places_go_to_the_next_round": "Round.quotas Round.year",
    "test_life.test_split_places_are_each_groups_own_and_pass_to_nobody": "Round.group_quotas",
    "test_life.test_going_over_needs_leave_and_a_reason": "QuotaResult.over_by",
    # --- procedures, notices, limits, numbers
    "test_procedure_rules.test_a_procedure_is_its_steps_spelt_out": """
        Step.code Step.kind Step.title Step.to Step.levels Step.times Step.stage Step.optional Step.on_missed
        Procedure.code Period.on_missed""",
    "test_procedure_rules.test_a_kind_of_case_goes_by_its_tiers_own_procedure_else_by_the_general_one": """
        Procedure.tier""",
    "test_procedure_rules.test_a_period_ends_on_the_day_a_calendar_gives": """
        Due.working_days Due.calendar_days Due.months Due.stage_end""",
    "test_procedure_rules.test_a_notice_stands_objections_are_raised_and_answered_in_their_times": """
        Notice.working_days Notice.calendar_days Objections.answer_working_days""",
    "test_procedure_rules.test_an_objection_needs_what_the_programme_asks_and_no_more": """
        Objections.real_name Objections.written Objections.evidence""",
    "test_procedure_rules.test_a_name_is_shown_with_consent_and_taken_down_in_time": """
        Notice.names_need_consent Notice.take_down_after_days""",
    "test_procedure_rules.test_one_more_may_be_put_forward_below_every_limit": """
        Category.most_per_superior Category.most_per_unit Definition.categories_per_nominee""",
    "test_procedure_rules.test_a_superior_recommends_what_it_is_allotted_else_the_uniform_number_or_none": """
        Category.allotted""",
    "test_procedure_rules.test_a_number_is_its_template_filled_piece_by_piece": """
        Definition.numbering Category.number_code""",
    "test_procedure_rules.test_what_begins_after_it_ends_is_refused": "DatePeriod.since DatePeriod.until",
    "test_procedure_rules.test_a_tier_never_has_more_places_than_the_one_it_draws_from": "Tier.draws_from",
    # --- the life of a title
    "test_life.test_only_titles_of_the_tiers_named_are_reassessed": """
        TitleLife.applies_to TitleLife.reassessment_months""",
    "test_life.test_reassessment_validity_and_renewal_fall_on_the_days_a_calendar_gives": """
        TitleLife.renewal_months_before""",
    "test_life.test_a_grades_own_validity_goes_before_the_general_one": """
        TitleLife.validity_months TitleLife.validity_by_grade""",
    "test_life.test_grades_are_climbed_one_by_one_where_the_programme_says_so": "TitleLife.upgrade_one_grade",
    "test_life.test_one_may_return_and_be_upgraded_after_the_months_asked_for": """
        TitleLife.waiting_months TitleLife.upgrade_after_months""",
    "test_life.test_a_cause_that_is_named_has_its_own_waiting_time_or_no_end": """
        RevocationCause.code RevocationCause.months""",
    "test_life.test_self_checks_come_round_by_a_day_of_the_year": """
        SelfCheck.every_months SelfCheck.by_month SelfCheck.by_day""",
    "test_life.test_what_a_missed_self_check_means_is_told": "SelfCheck.on_missed",
    "test_life.test_a_ladder_is_climbed_in_its_own_order_and_a_rung_lasts_its_months": "Sanction.code Sanction.months",
    "test_life.test_what_is_drawn_from_a_lost_title_follows_as_said_and_is_reviewed_unsaid": """
        TitleLife.on_source_lost""",
    "test_life.test_a_merged_units_title_is_carried_on_only_where_there_is_a_successor": "TitleLife.on_merged",
    # --- names, labels, examples
    "test_names_and_places.test_what_is_named_is_there_or_the_name_is_refused": """
        Tier.decided_by Tier.announced_by Tier.named_by Tier.recommended_by Procedure.tier Body.code
        Tier.code""",
    "test_names_and_places.test_a_code_stands_once_in_its_list": "Stage.code Gate.code",
    "test_names_and_places.test_a_programmes_own_words_count_beside_the_houses": """
        Vocabulary.unit_kinds Vocabulary.fact_kinds Vocabulary.tags ApplicantGroup.organisation_kinds""",
    "test_names_and_places.test_a_label_holds_for_all_that_lies_below_its_place": "Provenance.at Provenance.status",
    "test_example_rules.test_an_example_is_the_case_it_writes": """
        Example.category Example.group Example.year Example.on Example.panel Example.panel_shares Example.answers
        Example.self_scores Example.self_answers Example.superior Example.survey
        ExampleNominee.organisation_kind ExampleNominee.service_point_kind ExampleNominee.member_status
        ExampleNominee.in_post ExampleNominee.staff ExampleNominee.members ExampleNominee.leader_is_member
        ExampleFact.kind ExampleFact.about ExampleFact.happened_on ExampleFact.title ExampleFact.level
        ExampleFact.grade ExampleFact.result ExampleFact.stars ExampleFact.tags ExampleFact.valid_until
        ExampleFact.rectified ExampleFact.year""",
    "test_example_rules.test_every_expectation_is_compared": """
        Expected.total Expected.parts Expected.gates Expected.vetoed Expected.passed Expected.grade Expected.flagged
        Expected.shortfalls""",
}
