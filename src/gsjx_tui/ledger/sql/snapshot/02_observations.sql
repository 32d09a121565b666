-- view: 考核记录 记录下来的每一个数值，自评和复核都在，一个数值一行
-- column: 序号 记录的先后
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 属于哪个月
-- column: 阶段 阶段名称
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 字段 填的是哪一项，points 为得分，其余为次数、比率
-- column: 种类 自评或复核
-- column: 数值 填的数
-- column: 说明 填写时的说明
-- column: 来源 录入、导入或更正
-- column: 记录人 谁记录的
-- column: 记录时间 北京时间
-- column: 撤回 是否已撤回，撤回的不算数
-- column: 现行 是否为这一格同一种类里最新、算数的
with seen as (
    select
        o.*,
        w.target is not null as withdrawn
    from observation o
    left join (select distinct target from withdrawal where what = 'observation') w
        on w.target = o.seq
),
placed as (
    select
        *,
        max(case when not withdrawn then seq end)
            over (partition by unit, month, item, field, kind) as newest
    from seen
)
select
    o.seq                                                     as 序号,
    u.category                                                as 类别代码,
    u.category_name                                           as 类别,
    o.unit                                                    as 代码,
    u.name                                                    as 单位,
    o.month                                                   as 月份,
    i.stage                                                   as 阶段,
    i.indicator                                               as 指标,
    o.item                                                    as 要点编号,
    coalesce(i.label, o.item)                                 as 要点,
    o.field                                                   as 字段,
    case o.kind when 'claim' then '自评' else '复核' end        as 种类,
    o.value                                                   as 数值,
    o.note                                                    as 说明,
    case o.source
        when 'entry' then '录入'
        when 'import' then '导入'
        else '更正'
    end                                                       as 来源,
    o.recorded_by                                             as 记录人,
    o.recorded_at + interval 8 hour                           as 记录时间,
    o.withdrawn                                               as 撤回,
    coalesce(o.seq = o.newest, false)                         as 现行
from placed o
left join _unit u on u.code = o.unit
left join _item i on i.id = o.item
