-- view: 事件 登记簿里的每一件事：表扬、投诉、督查发现、采用等
-- column: 序号 登记的先后
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 算在哪个月
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 字段 计入哪一项
-- column: 发生日期 哪天发生的
-- column: 来源 从哪里得知
-- column: 文号 文件的文号
-- column: 说明 登记时的说明
-- column: 登记人 谁登记的
-- column: 登记时间 北京时间
-- column: 撤回 是否已撤回，撤回的不算数
select
    e.seq                             as 序号,
    u.category                        as 类别代码,
    u.category_name                   as 类别,
    e.unit                            as 代码,
    u.name                            as 单位,
    e.month                           as 月份,
    i.indicator                       as 指标,
    e.item                            as 要点编号,
    coalesce(i.label, e.item)         as 要点,
    e.field                           as 字段,
    e.happened_on                     as 发生日期,
    e.origin                          as 来源,
    e.document                        as 文号,
    e.note                            as 说明,
    e.registered_by                   as 登记人,
    e.registered_at + interval 8 hour as 登记时间,
    w.target is not null              as 撤回
from event e
left join (select distinct target from withdrawal where what = 'event') w on w.target = e.seq
left join _unit u on u.code = e.unit
left join _item i on i.id = e.item
