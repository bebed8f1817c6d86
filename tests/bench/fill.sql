-- One workspace with :n deals with history and :n orders with lines, entries and work items.
-- Run by the owner, who is not subject to row-level security; ids are taken from the sequences.
-- Parameters are replaced by tests/bench/fill.py: {workspace}, {n}, {seed}.

SELECT setseed({seed});

CREATE TEMP TABLE s AS
SELECT row_number() OVER (ORDER BY position) - 1 AS place, id, pipeline_id, code
FROM flow_stage WHERE workspace_id = {workspace}
AND pipeline_id = (SELECT id FROM flow_pipeline WHERE workspace_id = {workspace} AND kind = 'deal');

INSERT INTO users_member (workspace_id, name, sort_key, role, is_active, created_at)
SELECT {workspace}, 'Rep ' || g, 'rep ' || lpad(g::text, 3, '0'), 'rep', true, now() FROM generate_series(1, 20) g;

INSERT INTO contacts_company (workspace_id, name, sort_key, match_key, domain, industry, segment, country, city, extra, created_at)
SELECT {workspace}, 'Company ' || g, 'company ' || lpad(g::text, 6, '0'), 'company' || g, '', 'trade', (ARRAY['Small','Mid-size','Large'])[1 + g % 3], 'Germany', '', '{{}}', now()
FROM generate_series(1, {n} / 20) g;

CREATE TEMP TABLE d AS
SELECT nextval('flow_item_id_seq') AS id, g AS n,
       now() - random() * interval '730 days' AS opened_at,
       random() AS fate, 1 + floor(random() * 5)::int AS depth, random() AS size,
       (SELECT min(id) FROM users_member WHERE workspace_id = {workspace} AND role = 'rep') + floor(random() * 20)::int AS owner_id,
       (SELECT min(id) FROM contacts_company WHERE workspace_id = {workspace}) + floor(random() * ({n} / 20))::int AS company_id
FROM generate_series(1, {n}) g;

-- Fate: a quarter won, a third lost, the rest open; the open ones stand at their depth.
ALTER TABLE d ADD verdict text, ADD last_place int, ADD step interval;
UPDATE d SET verdict = CASE WHEN fate < 0.25 THEN 'won' WHEN fate < 0.58 THEN 'lost' ELSE '' END,
             last_place = CASE WHEN fate < 0.25 THEN 6 ELSE depth END,
             step = (now() - opened_at) / 8;

INSERT INTO flow_item (id, workspace_id, key, kind, pipeline_id, stage_id, title, owner_id, opened_at, entered_at, outcome, decided_at, is_blocked, recorded_at)
SELECT d.id, {workspace}, 'DEAL-' || n, 'deal', s.pipeline_id, s.id, 'Deal ' || n || ' for turbines', owner_id, opened_at,
       opened_at + step * (last_place + CASE WHEN n % 8 < 5 THEN 0.2 ELSE 0 END), verdict, CASE WHEN verdict <> '' THEN opened_at + step * (last_place + 0.5) END, false, now()
FROM d JOIN s ON s.place = d.last_place;

INSERT INTO sales_deal (item_id, workspace_id, company_id, amount, currency, close_on, channel, extra, closed_at, closed_as)
SELECT id, {workspace}, company_id, CASE WHEN size < 0.05 THEN NULL ELSE round((500 + 90000 * size * size)::numeric, 2) END, 'EUR',
       (opened_at + interval '1 day' * (30 + 200 * size))::date, (ARRAY['content','social','search','referral','event'])[1 + n % 5], '{{}}',
       CASE WHEN verdict <> '' THEN opened_at + step * (last_place + 0.5) END, verdict
FROM d;

-- Five of eight go one stage back from their last one and into it again: six transitions a deal in all.
INSERT INTO flow_transition (workspace_id, item_id, stage_id, occurred_at, known_at, is_assumed, is_void, by_id)
SELECT {workspace}, id, stage_id, at, at, false, false, owner_id
FROM (SELECT d.id, s.id AS stage_id, opened_at + step * s.place AS at, owner_id FROM d JOIN s ON s.place <= d.last_place
      UNION ALL
      SELECT d.id, s.id, opened_at + step * (last_place + back.turn), owner_id
      FROM d CROSS JOIN (VALUES (1, 0.1), (0, 0.2)) back(by, turn) JOIN s ON s.place = d.last_place - back.by
      WHERE n % 8 < 5) t
ORDER BY at;

INSERT INTO flow_fieldchange (workspace_id, item_id, field, value, occurred_at, known_at, is_assumed, is_void, by_id)
SELECT {workspace}, d.id, f.field, f.value, opened_at + step * f.turn, opened_at + step * f.turn, false, false, owner_id
FROM d JOIN sales_deal ON sales_deal.item_id = d.id CROSS JOIN LATERAL (VALUES
  ('owner', owner_id::text, 0), ('company', sales_deal.company_id::text, 0),
  ('amount', (sales_deal.amount * 0.8)::numeric(19,4)::text, 0), ('amount', sales_deal.amount::text, 1),
  ('close_on', sales_deal.close_on::text, 0)) f(field, value, turn)
WHERE f.value IS NOT NULL;

INSERT INTO flow_outcome (workspace_id, item_id, verdict, occurred_at, known_at, is_assumed, is_void, by_id)
SELECT {workspace}, id, verdict, opened_at + step * (last_place + 0.5), opened_at + step * (last_place + 0.5), false, false, owner_id
FROM d WHERE verdict <> '';

INSERT INTO flow_keycounter (workspace_id, prefix, last) VALUES ({workspace}, 'DEAL', {n}), ({workspace}, 'ORD', {n}), ({workspace}, 'WORK', 2 * {n})
ON CONFLICT (workspace_id, prefix) DO UPDATE SET last = EXCLUDED.last;

CREATE TEMP TABLE os AS SELECT code, id, pipeline_id FROM flow_stage WHERE pipeline_id = (SELECT id FROM flow_pipeline WHERE workspace_id = {workspace} AND kind = 'order');
CREATE TEMP TABLE ws AS SELECT code, id, pipeline_id FROM flow_stage WHERE pipeline_id = (SELECT id FROM flow_pipeline WHERE workspace_id = {workspace} AND kind = 'work');

-- Orders: nine of ten are delivered within some weeks, the youngest are still owed.
CREATE TEMP TABLE o AS
SELECT nextval('flow_item_id_seq') AS id, g AS n, accepted_at, accepted_at + lead AS done_at, lead,
       accepted_at + lead < now() AS is_done, 1 + g % 2 AS n_lines, company_id
FROM (SELECT g, now() - random() * interval '730 days' AS accepted_at, interval '1 day' * (5 + 135 * random()) AS lead,
             (SELECT min(id) FROM contacts_company WHERE workspace_id = {workspace}) + floor(random() * ({n} / 20))::int AS company_id
      FROM generate_series(1, {n}) g) q;

INSERT INTO flow_item (id, workspace_id, key, kind, pipeline_id, stage_id, title, opened_at, entered_at, outcome, decided_at, is_blocked, recorded_at)
SELECT o.id, {workspace}, 'ORD-' || n, 'order', os.pipeline_id, os.id, 'Order ' || n, accepted_at,
       CASE WHEN is_done THEN done_at ELSE accepted_at END, CASE WHEN is_done THEN 'fulfilled' ELSE '' END, CASE WHEN is_done THEN done_at END, false, now()
FROM o JOIN os ON os.code = CASE WHEN is_done THEN 'done' ELSE 'ready' END;

INSERT INTO backlog_order (item_id, workspace_id, company_id, reference, currency, accepted_at, promised_on, fulfilled_at, extra)
SELECT id, {workspace}, company_id, 'PO-' || n, 'EUR', accepted_at, (accepted_at + interval '60 days')::date, CASE WHEN is_done THEN done_at END, '{{}}' FROM o;

CREATE TEMP TABLE l AS
SELECT nextval('backlog_line_id_seq') AS id, nextval('flow_item_id_seq') AS work_id, row_number() OVER (ORDER BY o.id, p) AS w, o.id AS order_id, o.n,
       p AS position, accepted_at, done_at, lead, is_done, (1 + o.n % 9)::numeric(19,4) AS quantity, (20 + o.n % 400)::numeric(19,4) AS price
FROM o CROSS JOIN LATERAL generate_series(1, n_lines) p;

INSERT INTO backlog_line (id, workspace_id, order_id, position, sort, title, unit, unit_price, discount_share, tax_share, ordered_quantity, remaining_quantity, remaining_value, remaining_hours, extra)
SELECT id, {workspace}, order_id, position, 'goods', 'Wheel ' || n, 'pc', price, 0, 0, quantity,
       CASE WHEN is_done THEN 0 ELSE quantity END, CASE WHEN is_done THEN 0 ELSE quantity * price END, CASE WHEN is_done THEN 0 ELSE quantity * 2 END, '{{}}' FROM l;

INSERT INTO backlog_entry (workspace_id, order_id, line_id, kind, quantity, value, hours, reason, occurred_at, known_at, is_assumed, is_void)
SELECT {workspace}, order_id, id, 'accepted', quantity, quantity * price, quantity * 2, '', accepted_at, accepted_at, false, false FROM l ORDER BY accepted_at;
INSERT INTO backlog_entry (workspace_id, order_id, line_id, kind, quantity, value, hours, reason, occurred_at, known_at, is_assumed, is_void)
SELECT {workspace}, order_id, id, 'fulfilled', -quantity, -quantity * price, -quantity * 2, '', done_at, done_at, false, false FROM l WHERE is_done ORDER BY done_at;

INSERT INTO flow_transition (workspace_id, item_id, stage_id, occurred_at, known_at, is_assumed, is_void)
SELECT {workspace}, o.id, os.id, accepted_at, accepted_at, false, false FROM o JOIN os ON os.code = 'ready'
UNION ALL SELECT {workspace}, o.id, os.id, done_at, done_at, false, false FROM o JOIN os ON os.code = 'done' WHERE is_done;
INSERT INTO flow_outcome (workspace_id, item_id, verdict, occurred_at, known_at, is_assumed, is_void)
SELECT {workspace}, id, 'fulfilled', done_at, done_at, false, false FROM o WHERE is_done;

INSERT INTO flow_item (id, workspace_id, key, kind, pipeline_id, stage_id, title, opened_at, entered_at, outcome, decided_at, is_blocked, recorded_at)
SELECT work_id, {workspace}, 'WORK-' || w, 'work', ws.pipeline_id, ws.id, 'Wheel ' || n, accepted_at, accepted_at,
       CASE WHEN is_done THEN 'completed' ELSE '' END, CASE WHEN is_done THEN done_at END, false, now()
FROM l JOIN ws ON ws.code = CASE WHEN is_done THEN 'done' ELSE 'to_do' END;
INSERT INTO backlog_workitem (item_id, workspace_id, line_id, hours) SELECT work_id, {workspace}, id, quantity * 2 FROM l;
INSERT INTO flow_transition (workspace_id, item_id, stage_id, occurred_at, known_at, is_assumed, is_void)
SELECT {workspace}, work_id, ws.id, accepted_at, accepted_at, false, false FROM l JOIN ws ON ws.code = 'to_do';

ANALYZE;
