#pragma once

/* The list of all tables: one line here, one C file with the fields, one SQL file in data/sql. */
#include "store/yl-store.h"

extern const YlTable yl_company_table;
extern const YlTable yl_site_table;
extern const YlTable yl_staff_table;
extern const YlTable yl_node_table;
extern const YlTable yl_worker_table;
extern const YlTable yl_worker_job_table;
extern const YlTable yl_worker_mode_table;
extern const YlTable yl_worker_skill_table;
extern const YlTable yl_worker_language_table;
extern const YlTable yl_worker_area_table;
extern const YlTable yl_certificate_table;
extern const YlTable yl_availability_table;
extern const YlTable yl_worker_block_table;
extern const YlTable yl_household_table;
extern const YlTable yl_household_taboo_table;
extern const YlTable yl_customer_table;
extern const YlTable yl_order_table;
extern const YlTable yl_order_skill_table;
extern const YlTable yl_order_certificate_table;
extern const YlTable yl_order_language_table;
extern const YlTable yl_order_worker_table;
extern const YlTable yl_order_event_table;
extern const YlTable yl_claim_table;
extern const YlTable yl_confirmation_table;
extern const YlTable yl_withdrawal_table;
extern const YlTable yl_evidence_table;
extern const YlTable yl_ruling_table;
extern const YlTable yl_attempt_table;
extern const YlTable yl_dropout_table;
extern const YlTable yl_booking_table;
extern const YlTable yl_order_state_table;
extern const YlTable yl_alias_table;
extern const YlTable yl_duplicate_table;
extern const YlTable yl_different_table;
extern const YlTable yl_merged_table;
extern const YlTable yl_reopened_table;
extern const YlTable yl_rotation_table;
extern const YlTable yl_erasure_table;
extern const YlTable yl_erasure_done_table;
extern const YlTable yl_agreement_table;
extern const YlTable yl_node_pen_table;
extern const YlTable yl_revocation_table;
extern const YlTable yl_attachment_table;
extern const YlTable yl_review_table;

/* yl_shipped_tables: all of them, NULL-terminated, in an order in which references point backwards. */
const YlTable *const *yl_shipped_tables (void);
