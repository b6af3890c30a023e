#include "yl-tables.h"

const YlTable *const *
yl_shipped_tables (void)
{
  static const YlTable *const tables[] = {
    &yl_company_table,
    &yl_site_table,
    &yl_staff_table,
    &yl_node_table,
    &yl_worker_table,
    &yl_worker_job_table,
    &yl_worker_mode_table,
    &yl_worker_skill_table,
    &yl_worker_language_table,
    &yl_worker_area_table,
    &yl_certificate_table,
    &yl_availability_table,
    &yl_household_table,
    &yl_household_taboo_table,
    &yl_worker_block_table,
    &yl_customer_table,
    &yl_order_table,
    &yl_order_skill_table,
    &yl_order_certificate_table,
    &yl_order_language_table,
    &yl_order_worker_table,
    &yl_order_event_table,
    &yl_claim_table,
    &yl_confirmation_table,
    &yl_withdrawal_table,
    &yl_evidence_table,
    &yl_ruling_table,
    &yl_attempt_table,
    &yl_dropout_table,
    &yl_booking_table,
    &yl_order_state_table,
    &yl_alias_table,
    &yl_duplicate_table,
    &yl_different_table,
    &yl_merged_table,
    &yl_reopened_table,
    &yl_rotation_table,
    &yl_erasure_table,
    &yl_erasure_done_table,
    &yl_node_pen_table,
    &yl_revocation_table,
    &yl_attachment_table,
    &yl_review_table,
    NULL,
  };

  return tables;
}
