-- Everything that was done, newest first: each row of the chains, and each edition adopted.
-- Parameters: $person, $unit, $category, $item, $month ('' for any); $words (list; each must be part of the
-- person, the unit's name, code or initials, the item's id, label or initials, the month, or the
-- name of the act); $acts and $act_names (lists: what an act is called on the screen), $roles and
-- $role_names likewise; $most rows.
-- Columns: at (UTC), who, act, kind (claim, verify or ''), unit, unit_name, month, item, label,
-- field, value (null where there is none; points for confirm and posting), text, note, seq, hash.
-- act: entry, import, correct (observations); confirm (value: the points it posted); posting (by a
-- correction); event; withdrawal; return; staff (note: the role's name); draw (value: how many units) and
-- drawn; objection and objection_step;
-- publication (value: the edition); followup and followup_step;
-- ballot_count (value: points); campaign_step; adopt (seq: the edition, hash: the rubric's digest).
with done as (
    select recorded_at as at, recorded_by as who, source as act, kind, unit, month, item, field,
        value, '' as text, note, seq, hash
    from observation
    union all
    select c.confirmed_at, c.confirmed_by, 'confirm', '', c.unit, c.month, '', '',
        coalesce(p.points, 0)::decimal(12, 2), '', '', c.seq, c.hash
    from confirmation c
    left join (
        select unit, month, posted_at, sum(points) as points
        from posting
        where origin = 'confirm'
        group by all
    ) p on p.unit = c.unit and p.month = c.month and p.posted_at = c.confirmed_at
    union all
    select posted_at, posted_by, 'posting', '', unit, month, item, '', points, '', reason, seq, hash
    from posting
    where origin = 'correct'
    union all
    select registered_at, registered_by, 'event', '', unit, month, item, field, null,
        concat_ws(' ', happened_on, nullif(origin, ''), nullif(document, ''), nullif(file_name, '')),
        note, seq, hash
    from event
    union all
    select w.withdrawn_at, w.withdrawn_by, 'withdrawal', '', w.unit, w.month,
        coalesce(o.item, e.item, ''), coalesce(o.field, e.field, ''), o.value,
        concat_ws(' ', case w.what when 'event' then '事件' else '记录' end, w.target), w.reason, w.seq, w.hash
    from withdrawal w
    left join observation o on w.what = 'observation' and o.seq = w.target
    left join event e on w.what = 'event' and e.seq = w.target
    union all
    select returned_at, returned_by, 'return', '', unit, month, item, '', null,
        case when deadline = '' then '' else '限 ' || deadline end, reason, seq, hash
    from returned
    union all
    select changed_at, changed_by, 'staff', '', unit, '', '', '', null,
        concat_ws(' ', login, nullif(name, '')), coalesce($role_names[list_position($roles, role)], '移出名单'), seq, hash
    from staff
    union all
    select drawn_at, drawn_by, 'draw', '', '', month, '', '', units, concat_ws(' ', '种子', seed),
        concat_ws(' ', '每单位要点', items), seq, hash
    from draw
    union all
    select drawn_at, drawn_by, 'drawn', '', unit, month, item, '', null, '', concat_ws(' ', '抽签', draw),
        seq, hash
    from drawn
    union all
    select filed_at, filed_by, 'objection', '', unit, month, item, '', null, filed_on, grounds, seq, hash
    from objection
    union all
    select s.done_at, s.done_by, 'objection_step', '', s.unit, s.month, o.item, '', null,
        concat_ws(
            ' ', '申诉', s.objection,
            case s.what when 'taken' then '受理' when 'withdrawn' then '撤回' end,
            case s.decision when 'upheld' then '成立' when 'partly' then '部分成立' when 'rejected' then '不成立' end
        ),
        s.text, s.seq, s.hash
    from objection_step s
    join objection o on o.seq = s.objection
    union all
    select published_at, published_by, 'publication', '', '', month, '', '', edition,
        concat_ws(' ', title, code), note, seq, hash
    from publication
    union all
    select opened_at, opened_by, 'followup', '', unit, month, '', '', null,
        case kind
            when 'key_rectification' then '重点整改单位'
            when 'final_last' then '组织调整建议'
            when 'superior_letter' then '通报上级单位'
            when 'award_candidate' then '评先选优候选'
            else kind
        end,
        concat_ws(' ', '发布', publication), seq, hash
    from followup
    union all
    select done_at, done_by, 'followup_step', '', unit, month, '', '', null,
        concat_ws(' ', '台账', followup, what, nullif(subject, ''), happened_on, nullif(person, '')),
        text, seq, hash
    from followup_step
    union all
    select counted_at, counted_by, 'ballot_count', '', unit, month, item, '', points,
        concat_ws(' ', ballots, '票', file_name), '', seq, hash
    from ballot_count
    union all
    select done_at, done_by, 'campaign_step', '', '', '', '', '', null,
        concat_ws(
            ' ', case what when 'closed' then '结束' else '重新开放' end,
            case when publication > 0 then '发布 ' || publication end
        ),
        reason, seq, hash
    from campaign_step
    union all
    select adopted_at, adopted_by, 'adopt', '', '', '', '', '', null, name,
        case
            when edition = 1 then '初次启用'
            else concat_ws(
                '、',
                case when rubric_digest <> lag(rubric_digest) over by_edition then '办法有改动' end,
                case when files_digest <> lag(files_digest) over by_edition then '名册或活动设置有改动' end
            )
        end,
        edition, rubric_digest
    from edition
    window by_edition as (order by edition)
)
select d.at, d.who, d.act, d.kind, d.unit, coalesce(u.name, '') as unit_name, d.month, d.item,
    coalesce(i.label, '') as label, d.field, d.value, d.text, d.note, d.seq, d.hash
from done d
left join unit u on u.code = d.unit
left join item i on i.id = d.item
left join item_initials n on n.item = d.item
where ($person = '' or d.who = $person)
  and ($unit = '' or d.unit = $unit)
  and ($category = '' or u.category = $category)
  and ($item = '' or d.item = $item)
  and ($month = '' or d.month = $month)
  and (len($words) = 0 or list_bool_and([
      contains(
          lower(concat_ws(
              chr(10), d.who, d.unit, u.name, u.initials, d.item, i.label, n.initials, d.month,
              $act_names[list_position($acts, d.act)],
              case d.kind when 'claim' then '自评' when 'verify' then '复核' end
          )),
          lower(w)
      )
      for w in $words
  ]))
order by d.at desc, d.act, d.seq desc
limit $most;
