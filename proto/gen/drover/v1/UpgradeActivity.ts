// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface UpgradeActivity {
  'tookMs'?: (number | string | Long);
  'transactions'?: (number | string | Long);
  'transactionMs'?: (number | string | Long);
  'waitMs'?: (number | string | Long);
  'commits'?: (number | string | Long);
  'rollbacks'?: (number | string | Long);
  'killed'?: (number | string | Long);
  'errors'?: (number | string | Long);
  'fatals'?: (number | string | Long);
  'panics'?: (number | string | Long);
  '_transactions'?: "transactions";
  '_transactionMs'?: "transactionMs";
  '_waitMs'?: "waitMs";
  '_commits'?: "commits";
  '_rollbacks'?: "rollbacks";
  '_killed'?: "killed";
  '_errors'?: "errors";
  '_fatals'?: "fatals";
  '_panics'?: "panics";
}

export interface UpgradeActivity__Output {
  'tookMs': (number);
  'transactions'?: (number);
  'transactionMs'?: (number);
  'waitMs'?: (number);
  'commits'?: (number);
  'rollbacks'?: (number);
  'killed'?: (number);
  'errors'?: (number);
  'fatals'?: (number);
  'panics'?: (number);
  '_transactions'?: "transactions";
  '_transactionMs'?: "transactionMs";
  '_waitMs'?: "waitMs";
  '_commits'?: "commits";
  '_rollbacks'?: "rollbacks";
  '_killed'?: "killed";
  '_errors'?: "errors";
  '_fatals'?: "fatals";
  '_panics'?: "panics";
}
